import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { ACTOR_KINDS, type ActorKind } from '../../../audit/actor.js';
import { AUDIT_ACTIONS, type AuditAction } from '../../../audit/audit-action.js';
import type { AuditEntry } from '../../../audit/audit-log.service.js';
import { IsTimestamp } from './dto.decorators.js';
import { PageQueryDto } from './page.dto.js';

export class AuditLogQueryDto extends PageQueryDto {
  /** Who made the change. */
  @IsOptional()
  @IsIn(ACTOR_KINDS)
  actor?: ActorKind;

  /** `id` of the actor, exactly: the one administrator, application or task that made the change. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  actorId?: string;

  @IsOptional()
  @IsIn(AUDIT_ACTIONS)
  action?: AuditAction;

  @IsOptional()
  @IsUUID()
  providerId?: string;

  @IsOptional()
  @IsUUID()
  applicationId?: string;

  @IsOptional()
  @IsUUID()
  streamId?: string;

  /** At or after. */
  @IsOptional()
  @IsTimestamp()
  from?: Date;

  /** Before. */
  @IsOptional()
  @IsTimestamp()
  to?: Date;
}

export class AuditExportQueryDto extends PickType(AuditLogQueryDto, [
  'actor',
  'actorId',
  'action',
  'providerId',
  'applicationId',
  'streamId',
  'from',
  'to',
]) {}

export class AuditActorDto {
  @ApiProperty({ enum: ACTOR_KINDS })
  kind: ActorKind;

  /**
   * Of an administrator: `bootstrap` (the token of the settings), the id of an admin token, or issuer and subject of a
   * JWT, with a space between them. Of a receiver: its application. Of the system: the task, such as `inactivity`.
   */
  id: string | null;

  /** Of an administrator, as it was then. */
  name: string | null;
}

export class AuditEntryDto {
  id: string;
  at: Date;
  actor: AuditActorDto;

  @ApiProperty({ enum: AUDIT_ACTIONS })
  action: AuditAction;

  providerId: string | null;
  applicationId: string | null;
  streamId: string | null;

  /** What it is about, when that is none of these: the id of a token, client, SET or recovery, the `kid` of a key, the day of a history, the digest of a subject. */
  targetId: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'What there was, or what of it has changed. Never a secret',
  })
  before: object | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'What there is since, or how that stands now. Never a secret',
  })
  after: object | null;

  /** Of the client, as the trusted proxies tell it; null for the system. */
  address: string | null;

  /** `requestId` of the line that the request has in the log, and `x-request-id` of its answer. */
  requestId: string | null;
}

export class AuditLogPageDto {
  data: AuditEntryDto[];
  nextCursor: string | null;
}

export function toAuditEntryDto({
  id,
  at,
  actorKind,
  actorId,
  actorName,
  ...entry
}: AuditEntry): AuditEntryDto {
  return { id, at, actor: { kind: actorKind, id: actorId, name: actorName }, ...entry };
}
