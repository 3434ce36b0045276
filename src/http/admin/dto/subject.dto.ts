import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsDefined, IsOptional, IsString, IsUUID } from 'class-validator';
import type { PurgeReport } from '../../../signals/subject-purge.service.js';
import { SUBJECT_REF } from '../../shared-schemas.js';
import { MayBeAbsent } from './dto.decorators.js';

export class PurgeSubjectDto {
  @IsUUID()
  providerId: string;

  @ApiProperty({
    oneOf: [{ type: 'string', minLength: 1, maxLength: 2048 }, SUBJECT_REF],
    example: 'ana@acme.test',
    description:
      'The id, e-mail address, phone number, ... of a user as it was recorded; or a Subject Identifier. What was recorded with other identifiers alone is found by those.',
  })
  @IsDefined({ message: 'is required' })
  subject: unknown;

  /** Also what waits: SETs about the subject are dropped, with the reason `purged`. Default: it is left as it is. */
  @MayBeAbsent()
  @IsBoolean()
  includePending?: boolean;

  /** Count, and change nothing. */
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;

  /** `nextCursor` of the answer before. */
  @IsOptional()
  @IsString()
  cursor?: string;
}

export class PurgeReportDto {
  dryRun: boolean;

  /** Signals whose subject, reasons and details were removed. */
  signals: number;

  /** Their SETs, whose claims about the subject were removed. */
  sets: number;

  /** Attempts that lost what the receiver said in words. */
  attempts: number;

  /** How many of the SETs waited, and were dropped. */
  dropped: number;

  /** Entries in the lists of streams' subjects. */
  streamSubjects: number;

  /** Notes that a session made the subject one of a stream's. */
  autoSubscriptions: number;

  optOuts: number;

  /** Signals that were left as they are, since they, or SETs of them, wait. */
  skipped: number;

  /** For the next request, of the same kind; null when that was all. */
  nextCursor: string | null;
}

export function toPurgeReportDto(
  { last: _, ...counts }: PurgeReport,
  dryRun: boolean,
  nextCursor: string | null,
): PurgeReportDto {
  return { dryRun, ...counts, nextCursor };
}
