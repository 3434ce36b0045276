import { Controller, Get, Inject, Req, Res, UseFilters } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeEndpoint, ApiParam, ApiTags } from '@nestjs/swagger';
import { buildMetadata } from '../../core/discovery/transmitter-metadata.js';
import { LEGACY_POLL, LEGACY_PUSH, POLL, PUSH } from '../../core/streams/delivery-method.js';
import { SSF_CONFIG, type SsfConfig } from '../../platform/config/ssf-options.js';
import { type AnyRequest, headerOf, pathOf } from '../../platform/http/request-facts.js';
import type { Provider } from '../../providers/provider.entity.js';
import { MAX_ISSUER_SEGMENTS, ProvidersService } from '../../providers/providers.service.js';
import { replyPublicDocument } from '../../platform/http/public-document.js';
import { ProviderPath, ReceiverOperation } from './receiver-api.decorators.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import {
  DISCOVER_ISSUER,
  DISCOVER_ISSUER_AT_PATH,
  DISCOVER_ROOT_ISSUER,
  READ_PROTECTED_RESOURCE,
} from './receiver-operations.js';

const SECONDS_PER_DAY = 86_400;

/** Of two segments and more, each depth by itself: the adapters have no wildcard in common. */
const DEEPER_PATHS = Array.from({ length: MAX_ISSUER_SEGMENTS - 1 }, (_, depth) =>
  Array.from({ length: depth + 2 }, (__, index) => `:s${index}`).join('/'),
);

/** Transmitter Configuration Metadata (SSF 1.0 section 7). Public. */
@ApiTags('Discovery')
@Controller('.well-known')
@UseFilters(ReceiverErrorFilter)
export class DiscoveryController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly adapterHost: HttpAdapterHost,
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
  ) {}

  /** An issuer without a path */
  @Get('ssf-configuration')
  @ReceiverOperation(DISCOVER_ROOT_ISSUER)
  root(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.reply(request, response);
  }

  /** SSF 1.0 section 7.2.1: the issuer's path follows the well-known one */
  @Get('ssf-configuration/ssf/:slug')
  @ReceiverOperation(DISCOVER_ISSUER)
  @ProviderPath()
  ofSlug(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.reply(request, response);
  }

  /** An issuer with a path of its own */
  @Get('ssf-configuration/:issuerPath')
  @ReceiverOperation(DISCOVER_ISSUER_AT_PATH)
  @ApiParam({ name: 'issuerPath', description: 'The path of the issuer', schema: { type: 'string' } })
  withPath(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.reply(request, response);
  }

  @Get(DEEPER_PATHS.map((path) => `ssf-configuration/${path}`))
  @ApiExcludeEndpoint()
  withDeeperPath(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.reply(request, response);
  }

  /** RFC 9728 section 3: how to get a token for the receiver API */
  @Get('oauth-protected-resource/ssf/:slug')
  @ReceiverOperation(READ_PROTECTED_RESOURCE)
  @ProviderPath()
  resourceOfSlug(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.replyResource(request, response);
  }

  /** Below a path that all URLs of this transmitter have */
  @Get(['oauth-protected-resource/:path', ...DEEPER_PATHS.map((path) => `oauth-protected-resource/${path}`)])
  @ApiExcludeEndpoint()
  resourceWithPath(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.replyResource(request, response);
  }

  private async replyResource(request: AnyRequest, response: unknown): Promise<void> {
    const provider = await this.providers.findByMetadataPath(
      'resourceMetadataUrl',
      pathOf(request),
      headerOf(request, 'host'),
    );
    replyPublicDocument(this.adapterHost.httpAdapter, request, response, this.resourceMetadata(provider));
  }

  private async reply(request: AnyRequest, response: unknown): Promise<void> {
    const provider = await this.providers.findByMetadataPath(
      'configurationUrl',
      pathOf(request),
      headerOf(request, 'host'),
    );
    replyPublicDocument(this.adapterHost.httpAdapter, request, response, this.metadata(provider));
  }

  /** RFC 9728 section 2; arrays without elements are left out (section 3.2). What was configured comes first. */
  private resourceMetadata(provider: Provider): Record<string, unknown> {
    const { authorizationServer } = this.providers;
    const issuers = [
      ...provider.trustedIssuers.map(({ issuer }) => issuer),
      ...(authorizationServer === undefined ? [] : [authorizationServer]),
    ];
    return {
      resource: this.providers.urls(provider).resource,
      ...(issuers.length > 0 && { authorization_servers: issuers }),
      scopes_supported: ['ssf.read', 'ssf.manage'],
      bearer_methods_supported: ['header'],
    };
  }

  /** Endpoints that this transmitter does not have are left out (SSF 1.0 section 7.2.3). */
  private metadata(provider: Provider): Record<string, unknown> {
    const urls = this.providers.urls(provider);
    return buildMetadata({
      issuer: provider.issuer,
      specVersion: provider.specVersion,
      jwksUri: urls.jwksUri,
      deliveryMethods: provider.legacyDeliveryUris ? [PUSH, POLL, LEGACY_PUSH, LEGACY_POLL] : [PUSH, POLL],
      configurationEndpoint: urls.configurationEndpoint,
      statusEndpoint: urls.statusEndpoint,
      addSubjectEndpoint: urls.addSubjectEndpoint,
      removeSubjectEndpoint: urls.removeSubjectEndpoint,
      verificationEndpoint: urls.verificationEndpoint,
      defaultSubjects: provider.defaultSubjects,
      pausedStreams: {
        maxSets: this.config.maxHeldSets,
        maxSeconds: provider.eventRetentionDays * SECONDS_PER_DAY,
      },
    });
  }
}
