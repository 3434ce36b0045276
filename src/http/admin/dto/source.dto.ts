import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { SOURCE_PROFILES, type SourceProfileName } from '../../../core/sources/source-profiles.js';
import {
  EMIT_SCOPE,
  type SignalSource,
  UNMAPPED_CHOICES,
  type Unmapped,
} from '../../../signals/sources/signal-source.entity.js';
import type { CreatedSignalSource } from '../../../signals/sources/signal-sources.service.js';
import { MayBeAbsent } from './dto.decorators.js';
import { PageQueryDto } from './page.dto.js';
import { SLUG, SLUG_MESSAGE } from './provider.dto.js';

export class CreateSourceDto {
  /** The provider whose signals it records; of no other. */
  @IsUUID()
  providerId: string;

  /** Unique among the provider's sources; the ids of its signals begin with it. Cannot be changed. @example 'keycloak' */
  @Matches(SLUG, { message: SLUG_MESSAGE })
  slug: string;

  /** @example 'Keycloak, realm acme' */
  @IsString()
  @Length(1, 100)
  name: string;

  /** What it sends: signals, CloudEvents, or the webhooks of a product. Cannot be changed. */
  @ApiProperty({ enum: SOURCE_PROFILES, example: 'keycloak' })
  @IsIn(SOURCE_PROFILES)
  profile: SourceProfileName;

  /** What is done with an event that is no signal; default: `list` for webhooks of products, where most are none. */
  @ApiPropertyOptional({ enum: UNMAPPED_CHOICES })
  @MayBeAbsent()
  @IsIn(UNMAPPED_CHOICES)
  unmapped?: Unmapped;

  /**
   * What the product signs its webhooks with (`keycloak`, `logto`): each must then be signed, and there is no token.
   * Never shown again.
   */
  @MayBeAbsent()
  @IsString()
  @Length(16, 255)
  signingSecret?: string;
}

export class UpdateSourceDto extends PartialType(
  PickType(CreateSourceDto, ['name', 'unmapped', 'signingSecret'] as const),
  { skipNullProperties: false },
) {}

export class SourceQueryDto extends PageQueryDto {
  @IsOptional()
  @IsUUID()
  providerId?: string;
}

export class SourceDto {
  id: string;
  providerId: string;
  slug: string;
  name: string;

  @ApiProperty({ enum: SOURCE_PROFILES })
  profile: SourceProfileName;

  @ApiProperty({ enum: UNMAPPED_CHOICES })
  unmapped: Unmapped;

  /** How it shows who it is. */
  @ApiProperty({ enum: ['token', 'signature'] })
  authentication: 'token' | 'signature';

  createdAt: Date;
  updatedAt: Date;
}

/** The only answer that ever holds the token; a source that signs has none. */
export class CreatedSourceDto extends SourceDto {
  token?: string;
}

export class SourceTokenDto {
  token: string;

  @ApiProperty({ enum: [EMIT_SCOPE] })
  scope: typeof EMIT_SCOPE;
}

export class SourcePageDto {
  data: SourceDto[];
  nextCursor: string | null;
}

export class UnmappedEventDto {
  /** What the product calls it. @example 'access.LOGIN_ERROR' */
  eventType: string;
  /** Of the last one. */
  reason: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

export class UnmappedEventsDto {
  data: UnmappedEventDto[];
}

export class SourceOutcomeDto {
  /** Of the signal, unless there is none. */
  id?: string;

  @ApiProperty({ enum: ['accepted', 'duplicate', 'unmapped'] })
  status: 'accepted' | 'duplicate' | 'unmapped';

  /** Why it is no signal. */
  reason?: string;
}

export class SourceOutcomesDto {
  data: SourceOutcomeDto[];
}

export function toSourceDto(source: SignalSource): SourceDto {
  const { id, providerId, slug, name, profile, unmapped, createdAt, updatedAt, signingSecret } = source;
  const authentication = signingSecret ? 'signature' : 'token';
  return { id, providerId, slug, name, profile, unmapped, authentication, createdAt, updatedAt };
}

export function toCreatedSourceDto({ source, token }: CreatedSignalSource): CreatedSourceDto {
  return { ...toSourceDto(source), ...(token !== undefined && { token }) };
}
