import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import type { Application } from '../../../applications/application.entity.js';
import {
  type ApplicationToken,
  TOKEN_SCOPES,
  type TokenScope,
} from '../../../applications/application-token.entity.js';
import { SUBJECT_FORMAT_CHOICES, type SubjectFormat } from '../../../core/subjects/signal-subject.js';
import { IsTimestamp, MayBeAbsent } from './dto.decorators.js';
import { PageQueryDto } from './page.dto.js';
import { SLUG, SLUG_MESSAGE } from './provider.dto.js';

export class CreateApplicationDto {
  /** The provider that it receives from. */
  @IsUUID()
  providerId: string;

  /** Unique among the provider's applications; cannot be changed. @example 'mail' */
  @Matches(SLUG, { message: SLUG_MESSAGE })
  slug: string;

  /** @example 'Mail' */
  @IsString()
  @Length(1, 100)
  name: string;

  /** `aud` of its SETs, one or several; default `{issuer}/applications/{slug}`. */
  @ApiProperty({
    required: false,
    type: Object,
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  })
  @MayBeAbsent()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value))
  @IsArray({ message: 'must be a string or an array of strings' })
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @Length(1, 255, { each: true, message: 'must be strings of 1 to 255 characters' })
  audience?: string[];

  /** How its SETs name a user; a user who lacks it gives no SET, with the reason recorded. */
  @MayBeAbsent()
  @IsIn(SUBJECT_FORMAT_CHOICES)
  subjectFormat?: SubjectFormat;

  /**
   * The application knows users and devices by names of its own, which nobody can compare with those of another one, and
   * its SETs have a `txn` of their own. For the formats `iss_sub`, `opaque`, `aliases` and `complex`.
   */
  @MayBeAbsent()
  @IsBoolean()
  pairwiseSubjects?: boolean;

  /** Event type URIs that it may have; null or absent: all. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  allowedEvents?: string[] | null;

  /** `push`, `poll` or their URIs; null or absent: all. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @IsString({ each: true })
  allowedDeliveryMethods?: string[] | null;

  /** Push URLs that it may name: exact, or a prefix ending in `*`; null or absent: any public one. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @Length(1, 2048, { each: true, message: 'must be strings of 1 to 2048 characters' })
  pushUrlAllowList?: string[] | null;

  /** Only SETs about users of these groups; null or absent: all users. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @Length(1, 255, { each: true, message: 'must be strings of 1 to 255 characters' })
  allowedGroups?: string[] | null;

  /** Only SETs about subjects of these tenants; null or absent: all. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @Length(1, 255, { each: true, message: 'must be strings of 1 to 255 characters' })
  allowedTenants?: string[] | null;

  /** Its id at the identity provider, which signals name in `details.clientId`. */
  @IsOptional()
  @IsString()
  @Length(1, 255)
  clientId?: string | null;

  /** With `defaultSubjects` NONE: a user becomes a subject of its streams with the first session.established of its `clientId`. */
  @MayBeAbsent()
  @IsBoolean()
  autoSubscribe?: boolean;

  /** Send a verification event after a push stream was created. */
  @MayBeAbsent()
  @IsBoolean()
  verifyOnCreate?: boolean;

  /** The receiver is from before SSF 1.0: older delivery URIs, `format`, `aud` of its choice, no `stream_id`, subjects inside events. */
  @MayBeAbsent()
  @IsBoolean()
  legacyProfile?: boolean;

  /** Streams that it may have; 20 unless given. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(1000)
  maxStreams?: number;

  /**
   * Seconds without a request of the receiver about a stream (a poll is one, a push is none) after which the stream is
   * paused, and its receiver told. At least 300; null or absent: never.
   */
  @IsOptional()
  @IsInt()
  @Min(300)
  @Max(31_536_000)
  inactivityTimeoutSeconds?: number | null;
}

export class UpdateApplicationDto extends PartialType(
  OmitType(CreateApplicationDto, ['providerId', 'slug']),
  { skipNullProperties: false },
) {}

export class ApplicationQueryDto extends PageQueryDto {
  @IsOptional()
  @IsUUID()
  providerId?: string;
}

export class ApplicationDto {
  id: string;
  providerId: string;
  slug: string;
  name: string;
  audience: string[];
  subjectFormat: SubjectFormat;
  pairwiseSubjects: boolean;
  allowedEvents: string[] | null;
  allowedDeliveryMethods: string[] | null;
  pushUrlAllowList: string[] | null;
  allowedGroups: string[] | null;
  allowedTenants: string[] | null;
  clientId: string | null;
  autoSubscribe: boolean;
  verifyOnCreate: boolean;
  legacyProfile: boolean;
  maxStreams: number;
  inactivityTimeoutSeconds: number | null;
  createdAt: Date;
  updatedAt: Date;
}

export class ApplicationPageDto {
  data: ApplicationDto[];
  nextCursor: string | null;
}

/** But for the secret and the version, the entity holds nothing but what the API shows. */
export function toApplicationDto({
  pairwiseSecret: _secret,
  version: _version,
  ...members
}: Application): ApplicationDto {
  return members;
}

export class PairwiseSubjectQueryDto {
  /** The `id` of the user in signals. */
  @IsString()
  @Length(1, 1024)
  userId: string;
}

export class PairwiseSubjectDto {
  iss: string;
  sub: string;
}

export class CreateTokenDto {
  /** What it is for. @example 'production' */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string;

  /** `ssf.manage` includes `ssf.read`. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(TOKEN_SCOPES, { each: true, message: `must be some of ${TOKEN_SCOPES.join(', ')}` })
  scopes: TokenScope[];

  /** Default: it does not expire. */
  @MayBeAbsent()
  @IsTimestamp()
  expiresAt?: Date;
}

/** The only answer that ever holds the token. */
export class CreatedTokenDto {
  id: string;
  token: string;
}

export class TokenDto {
  id: string;
  name: string | null;
  scopes: TokenScope[];
  expiresAt: Date | null;
  createdAt: Date;
}

export class TokenPageDto {
  data: TokenDto[];
  nextCursor: string | null;
}

export function toTokenDto({ id, name, scopes, expiresAt, createdAt }: ApplicationToken): TokenDto {
  return { id, name, scopes, expiresAt, createdAt };
}
