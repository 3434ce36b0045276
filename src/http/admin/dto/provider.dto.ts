import {
  ApiProperty,
  ApiPropertyOptional,
  type ApiPropertyOptions,
  OmitType,
  PartialType,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MAX_EVENTS } from '../../../core/events/event-mapping.js';
import {
  foldingFamily,
  type FoldRepeats,
  MAX_FOLD_WINDOW_SECONDS,
} from '../../../core/events/fold-repeats.js';
import { SIGNAL_TYPES, type SignalType } from '../../../core/events/signal-types.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../../core/set/signing-algorithm.js';
import { DEFAULT_SUBJECTS, type DefaultSubjects, type Provider } from '../../../providers/provider.entity.js';
import type { ProviderUrls } from '../../../providers/provider-urls.js';
import { MayBeAbsent } from './dto.decorators.js';

export const SLUG = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
export const SLUG_MESSAGE = 'must be 1 to 63 lower-case letters, digits and inner hyphens';

const LANGUAGE_MAP = { type: 'object', additionalProperties: { type: 'string' } } as const;

const EVENT_MAPPING: ApiPropertyOptions = {
  type: 'object',
  additionalProperties: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        event: { type: 'string', description: 'URI or short name of the event type' },
        reasonAdmin: { ...LANGUAGE_MAP, description: 'Of signals without one' },
        reasonUser: { ...LANGUAGE_MAP, description: 'Of signals without one' },
      },
      required: ['event'],
      additionalProperties: false,
    },
    maxItems: MAX_EVENTS,
  },
  example: { 'account.disabled': [{ event: 'account-disabled' }, { event: 'session-revoked' }] },
  description:
    'The events that signals become, by signal type; those that are not there keep the default, an empty array is none',
};

const FOLDABLE_TYPES = (Object.keys(SIGNAL_TYPES) as SignalType[]).filter(
  (type) => foldingFamily({ type, details: {} }) !== undefined,
);

/** An authorization server whose JWTs are accepted from receivers. */
export class TrustedIssuerDto {
  /** @example 'https://login.example' */
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['https', 'http'] })
  issuer: string;

  /** Expected `aud` of its tokens. @example 'https://idp.example/ssf/acme' */
  @IsString()
  @Length(1, 255)
  audience: string;

  /** Where its keys are; default: from its metadata. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['https', 'http'] })
  jwksUri?: string;

  /** Claim with the client id; default `client_id`, then `azp`. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  clientIdClaim?: string;
}

export class FoldRepeatsDto implements FoldRepeats {
  /** How far apart a signal and its repeat may have occurred. @example 300 */
  @IsInt()
  @Min(1)
  @Max(MAX_FOLD_WINDOW_SECONDS)
  windowSeconds: number;

  @MayBeAbsent()
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', enum: FOLDABLE_TYPES },
    minItems: 1,
    uniqueItems: true,
    description: 'Which are folded; default: all but those about opting out',
    example: ['mfa.updated', 'session.presented'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(FOLDABLE_TYPES, { each: true, message: `must be some of ${FOLDABLE_TYPES.join(', ')}` })
  types?: SignalType[];

  /** Members of `details` (of `payload`, for the type `event`) that make no difference. @example ['friendlyName'] */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  ignoredDetails?: string[];
}

export class CreateProviderDto {
  /** Part of its URLs; cannot be changed. @example 'acme' */
  @Matches(SLUG, { message: SLUG_MESSAGE })
  slug: string;

  /** @example 'Acme' */
  @IsString()
  @Length(1, 100)
  name: string;

  /** `iss` of its SETs; default `{public URL}/ssf/{slug}`. Cannot be changed. */
  @MayBeAbsent()
  @IsString()
  issuer?: string;

  /** Authorization servers whose JWTs are accepted from receivers. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => TrustedIssuerDto)
  trustedIssuers?: TrustedIssuerDto[];

  /** Whether a new stream has all subjects or none (SSF 1.0 section 7.1). */
  @MayBeAbsent()
  @IsIn(DEFAULT_SUBJECTS)
  defaultSubjects?: DefaultSubjects;

  /** Algorithm of the signing keys that are made for it; RS256 is what the CAEP Interoperability Profile asks for. */
  @MayBeAbsent()
  @IsIn(SIGNING_ALGORITHMS)
  signingAlgorithm?: SigningAlgorithm;

  /** After how many days its signing key is replaced by a new one; null, as by default: by hand. @example 90 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  keyRotationDays?: number | null;

  /** How long an undelivered SET is kept. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(3650)
  eventRetentionDays?: number;

  /** `spec_version` of its metadata, for receivers that insist on another. @example '1_0' */
  @MayBeAbsent()
  @Matches(/^[1-9]\d*_\d+(-ID\d+)?$/, { message: 'must look like 1_0 or 1_0-ID3' })
  specVersion?: string;

  /** List the delivery method URIs from before 1.0 in the metadata too. */
  @MayBeAbsent()
  @IsBoolean()
  legacyDeliveryUris?: boolean;

  /** The events that signals become, by signal type; those that are not there keep the default, `[]` is none. */
  @MayBeAbsent()
  @IsObject()
  @ApiPropertyOptional(EVENT_MAPPING)
  eventMapping?: object;

  /** Keep back what a stream was told a moment ago and has not changed since; null, as by default: send it again. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => FoldRepeatsDto)
  foldRepeats?: FoldRepeatsDto | null;
}

export class UpdateProviderDto extends PartialType(OmitType(CreateProviderDto, ['slug', 'issuer']), {
  skipNullProperties: false,
}) {}

export class ProviderDto {
  id: string;
  slug: string;
  name: string;
  issuer: string;
  /** Its metadata, for receivers. */
  configurationUrl: string;
  jwksUri: string;
  defaultSubjects: DefaultSubjects;
  signingAlgorithm: SigningAlgorithm;
  keyRotationDays: number | null;
  eventRetentionDays: number;
  specVersion: string;
  trustedIssuers: TrustedIssuerDto[];
  legacyDeliveryUris: boolean;

  @ApiProperty(EVENT_MAPPING)
  eventMapping: object;

  @ApiProperty({ type: FoldRepeatsDto, nullable: true })
  foldRepeats: FoldRepeats | null;

  createdAt: Date;
  updatedAt: Date;
}

export class ProviderPageDto {
  data: ProviderDto[];
  nextCursor: string | null;
}

export function toProviderDto(provider: Provider, urls: ProviderUrls): ProviderDto {
  return {
    id: provider.id,
    slug: provider.slug,
    name: provider.name,
    issuer: provider.issuer,
    configurationUrl: urls.configurationUrl,
    jwksUri: urls.jwksUri,
    defaultSubjects: provider.defaultSubjects,
    signingAlgorithm: provider.signingAlgorithm,
    keyRotationDays: provider.keyRotationDays,
    eventRetentionDays: provider.eventRetentionDays,
    specVersion: provider.specVersion,
    trustedIssuers: provider.trustedIssuers,
    legacyDeliveryUris: provider.legacyDeliveryUris,
    eventMapping: provider.eventMapping,
    foldRepeats: provider.foldRepeats,
    createdAt: provider.createdAt,
    updatedAt: provider.updatedAt,
  };
}
