import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ReceiverErrorDto } from './receiver.dto.js';

const DESCRIPTIONS = {
  400: 'The request is wrong; the description names the member.',
  401: 'No valid bearer token (RFC 6750).',
  403: 'The token lacks the scope, or this is not for the receiver to do.',
  404: 'There is no such stream for this receiver.',
  409: 'The receiver has all the streams that it may have.',
  429: 'Too soon; Retry-After says when.',
} as const;

export function ReceiverErrors(...statuses: (keyof typeof DESCRIPTIONS)[]): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({ status, type: ReceiverErrorDto, description: DESCRIPTIONS[status] }),
    ),
  );
}
