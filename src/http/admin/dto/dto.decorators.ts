import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, ValidateIf } from 'class-validator';
import { parseTimestamp } from '../../../core/timestamp.js';

/** May be absent, but not null. (IsOptional of class-validator lets null through.) */
export function MayBeAbsent(): PropertyDecorator {
  return applyDecorators(
    ValidateIf((_: object, value: unknown) => value !== undefined),
    ApiPropertyOptional(),
  );
}

/** An RFC 3339 time, read into a Date. */
export function IsTimestamp(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      value === null ? null : (parseTimestamp(value) ?? new Date(Number.NaN)),
    ),
    IsDate({ message: 'must be an RFC 3339 time with a zone, such as 2026-01-31T17:00:00Z' }),
  );
}
