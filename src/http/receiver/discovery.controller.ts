import { Controller, Get, Inject, Param, Req, Res, UseFilters } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeEndpoint, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { buildMetadata } from '../../core/discovery/transmitter-metadata.js';
import { LEGACY_POLL, LEGACY_PUSH, POLL, PUSH } from '../../core/streams/delivery-method.js';
import { SSF_CONFIG, type SsfConfig } from '../../platform/config/ssf-options.js';
import { type AnyRequest, headerOf, pathOf } from '../../platform/http/request-facts.js';
import type { Provider } from '../../providers/provider.entity.js';
import { MAX_ISSUER_SEGMENTS, ProvidersService } from '../../providers/providers.service.js';
import { replyPublicDocument } from '../../platform/http/public-document.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';

const SECONDS_PER_DAY = 86_400;

/** Each depth by itself: the adapters have no wildcard in common. */
const ISSUER_PATHS = Array.from({ length: MAX_ISSUER_SEGMENTS }, (_, depth) =>
  Array.from({ length: depth + 1 }, (__, index) => `:s${index}`).join('/'),
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
  @ApiOperation({ operationId: 'discoverRootIssuer', summary: 'Transmitter metadata of the root issuer' })
  @ApiResponse({ status: 200, description: 'SSF 1.0 section 7.1' })
  root(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.reply(request, response);
  }

  /** SSF 1.0 section 7.2.1: the issuer's path follows the well-known one */
  @Get('ssf-configuration/ssf/:slug')
  @ApiOperation({ operationId: 'discoverIssuer', summary: 'Transmitter metadata of a provider' })
  @ApiResponse({ status: 200, description: 'SSF 1.0 section 7.1' })
  ofSlug(@Param('slug') _slug: string, @Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.reply(request, response);
  }

  /** An issuer with a path of its own */
  @Get(ISSUER_PATHS.map((path) => `ssf-configuration/${path}`))
  @ApiExcludeEndpoint()
  withPath(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.reply(request, response);
  }

  /** RFC 9728 section 3: how to get a token for the receiver API */
  @Get(ISSUER_PATHS.map((path) => `oauth-protected-resource/${path}`))
  @ApiExcludeEndpoint()
  async protectedResource(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
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
