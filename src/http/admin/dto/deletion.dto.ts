import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import { type Deletion, needsForce } from '../../../streams/deletion.js';

export class DeletionQueryDto {
  /** Also when SETs that still wait go with it: each is then `dropped`, with the reason `stream_deleted`. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'must be true or false' })
  force?: boolean;
}

export class DeletionCountsDto {
  applications: number;
  streams: number;

  /** SETs of signals that are pending or held, counted to 10,000. Those about a stream itself do not count. */
  pendingSets: number;

  /** Of a provider: signals that wait for their fan-out, counted to 10,000. */
  waitingSignals: number;
}

export class DeletionDto extends DeletionCountsDto {
  /** Whether only `?force=true` deletes it. */
  needsForce: boolean;
}

export function toDeletionDto(deletion: Deletion): DeletionDto {
  return { ...deletion, needsForce: needsForce(deletion) };
}
