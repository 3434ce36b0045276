import { ApiProperty, OmitType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { attachClaims } from '../../../core/set/detached-set.js';
import type { SetClaims } from '../../../core/set/set-claims.js';
import type { AttemptRecord, SetRecord } from '../../../queue/set-history.service.js';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '../../../queue/attempt-outcome.js';
import { SET_STATUSES, type SetStatus } from '../../../queue/set-status.js';
import { CLAIMS_REF, SUBJECT_REF } from '../../shared-schemas.js';
import { IsTimestamp } from './dto.decorators.js';
import { PageQueryDto } from './page.dto.js';

export class SetQueryDto extends PageQueryDto {
  @IsOptional()
  @IsUUID()
  providerId?: string;

  @IsOptional()
  @IsUUID()
  applicationId?: string;

  @IsOptional()
  @IsUUID()
  streamId?: string;

  @IsOptional()
  @IsUUID()
  signalId?: string;

  @IsOptional()
  @IsIn(SET_STATUSES)
  status?: SetStatus;

  /** Event type URI. */
  @IsOptional()
  @IsString()
  @Length(1, 255)
  eventType?: string;

  @IsOptional()
  @IsUUID()
  jti?: string;

  @IsOptional()
  @IsString()
  @Length(1, 255)
  txn?: string;

  /** A user as a person remembers one: id, e-mail address, phone number, ...; or a Subject Identifier in JSON. */
  @IsOptional()
  @IsString()
  @Length(1, 2048)
  subject?: string;

  /** Made at or after. */
  @IsOptional()
  @IsTimestamp()
  from?: Date;

  /** Made before. */
  @IsOptional()
  @IsTimestamp()
  to?: Date;
}

export class AttemptDto {
  attempt: number;
  at: Date;

  /** `none`: it ended without a try. */
  @ApiProperty({ enum: ['push', 'poll', 'none'] })
  method: 'push' | 'poll' | 'none';

  @ApiProperty({
    enum: ATTEMPT_OUTCOMES,
    description: 'redelivered: it was queued again; description says on whose behalf',
  })
  outcome: AttemptOutcome;

  httpStatus: number | null;

  /** The receiver's error code, or ours. */
  err: string | null;
  description: string | null;
  durationMs: number | null;
}

export class SetDto {
  jti: string;
  providerId: string;
  applicationId: string;
  streamId: string;
  /** Null for verification and stream-updated. */
  signalId: string | null;
  eventType: string;
  txn: string | null;
  createdAt: Date;

  @ApiProperty({ enum: SET_STATUSES })
  status: SetStatus;

  /** Why it was rejected, given up or dropped. */
  reason: string | null;
  endedAt: Date | null;

  /** When what it told of its subject was removed; it cannot be sent again. */
  purgedAt: Date | null;

  /** When it is dropped unless it is delivered before; a failed push moves it. Null once it has ended. */
  expiresAt: Date | null;

  @ApiProperty({ allOf: [CLAIMS_REF], description: 'As they are signed' })
  claims: SetClaims;

  /** The SET as it was handed out by poll, while that is kept: until it is acknowledged. */
  signed: string | null;

  attempts: AttemptDto[];
}

export class SetSummaryDto extends OmitType(SetDto, ['claims', 'signed', 'attempts']) {
  @ApiProperty({ allOf: [SUBJECT_REF] })
  subId: object;
}

export class SetPageDto {
  data: SetSummaryDto[];
  nextCursor: string | null;
}

export function toSetSummaryDto({ claims, signature: _, ...record }: SetRecord): SetSummaryDto {
  return { ...record, subId: (JSON.parse(claims) as SetClaims).sub_id };
}

export function toSetDto({
  claims,
  signature,
  ...record
}: SetRecord & { readonly attempts: AttemptRecord[] }): SetDto {
  return {
    ...record,
    claims: JSON.parse(claims) as SetClaims,
    signed: signature === null ? null : attachClaims(signature, claims),
  };
}
