import {
  applyDecorators,
  type CanActivate,
  Header,
  SetMetadata,
  type Type,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiResponse,
  type ApiResponseOptions,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { AdminRole } from '../../core/admin-role.js';
import { DtoPipe } from '../../platform/http/validation.js';
import { AdminErrorFilter } from './admin-error.filter.js';
import { AdminGuard } from './admin.guard.js';
import { ProblemDto } from './dto/problem.dto.js';
import { SLUG_MESSAGE } from './dto/provider.dto.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { REQUIRED_ROLE, ROLE_EXTENSION } from './required-role.js';

/** What every controller of the admin API has: its guard, its errors, its validation, none of it global. */
export function AdminController(tag: string, guard: Type<CanActivate> = AdminGuard): ClassDecorator {
  return applyDecorators(
    ApiTags(tag),
    ApiBearerAuth('admin'),
    UseGuards(guard),
    UseFilters(AdminErrorFilter),
    UsePipes(new DtoPipe()),
    BadRequestProblem(),
    UnauthenticatedProblem(),
    TooManyFailuresProblem(),
    ApiResponse({
      status: 'default',
      description: 'Anything else: 413 for too large a body, 500 for a defect.',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );
}

/** The role that an administrator needs for it; what has none needs `admin`. */
export function RequireRole(role: AdminRole): MethodDecorator {
  return applyDecorators(
    SetMetadata(REQUIRED_ROLE, role),
    ApiExtension(ROLE_EXTENSION, role),
    ForbiddenProblem(`It needs the role ${role}.`, `the role ${role} is needed`),
  );
}

/** For creating POSTs: the same `Idempotency-Key` gives the same answer, once made. */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    Header('Cache-Control', 'no-store'),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Of your choice: a repetition with it gives the answer that was given, and changes nothing.',
      schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
    }),
    problem(409, 'It exists already, or the key was used otherwise.', {
      code: 'conflict',
      title: 'Conflict',
      detail: 'slug or issuer: another provider has it',
    }),
  );
}

export function BadRequestProblem(): ClassDecorator & MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    problem(400, 'What was sent is wrong; `errors` names each member.', {
      code: 'invalid_request',
      title: 'Bad request',
      detail: `slug: ${SLUG_MESSAGE}`,
      errors: [{ member: 'slug', message: SLUG_MESSAGE }],
    }),
  );
}

export function UnauthenticatedProblem(): ClassDecorator & MethodDecorator {
  return problem(401, 'No valid token.', {
    code: 'invalid_token',
    title: 'Not authenticated',
    detail: 'the token is unknown, expired or revoked',
  });
}

function TooManyFailuresProblem(): ClassDecorator & MethodDecorator {
  return problem(
    429,
    'Too many wrong tokens from this address within a minute.',
    {
      code: 'too_many_requests',
      title: 'Too many requests',
      detail: 'too many wrong tokens from this address: try again in 42 s',
    },
    { 'Retry-After': { description: 'Seconds', required: true, schema: { type: 'integer' } } },
  );
}

export function NotFoundProblem(): MethodDecorator {
  return problem(404, 'There is no such thing.', {
    code: 'not_found',
    title: 'Not found',
    detail: 'there is no such stream',
  });
}

/** In the answers about one thing: pass it as `If-Match` to change or delete what was read, and nothing newer. */
export const ETAG = {
  ETag: {
    description: 'Of which version this is, for If-Match (RFC 9110 section 8.8.3).',
    schema: { type: 'string' as const, examples: ['"7"'] },
  },
};

/** For what reads one thing and nothing besides: `If-None-Match` (RFC 9110 section 13.1.2). */
export function Cacheable(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag of what the caller has.',
      schema: { type: 'string' },
      example: '"7"',
    }),
    ApiResponse({ status: 304, description: 'It has not changed since.', headers: ETAG }),
  );
}

/** For what changes or deletes one thing: `If-Match` (RFC 9110 section 13.1.1). */
export function Conditional(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description:
        'The ETag of what was read, or several, or `*`. When it has changed since, nothing happens (412). Without it, the request is for whatever there is.',
      schema: { type: 'string' },
      example: '"7"',
    }),
    problem(
      412,
      'It was changed since it was read; `ETag` says which version it is now.',
      {
        code: 'precondition_failed',
        title: 'Changed meanwhile',
        detail:
          'it was changed since it was read, and is "8" now: read it again, and repeat the request with that If-Match',
      },
      ETAG,
    ),
  );
}

/** For what takes streams along. */
export function Forceable(): MethodDecorator {
  return applyDecorators(
    Conditional(),
    problem(409, 'SETs still wait: `deletion` says what would go. With `force=true` it goes.', {
      code: 'has_pending_sets',
      title: 'Conflict',
      detail:
        'not everything that was signalled is delivered: 2 applications, 3 streams, 12 SETs would go with it. Wait until it is, or repeat the request with ?force=true',
      deletion: { applications: 2, streams: 3, pendingSets: 12, waitingSignals: 0 },
    }),
  );
}

function problem(
  status: number,
  description: string,
  example: Omit<ProblemDto, 'type' | 'status'>,
  headers?: ApiResponseOptions['headers'],
): ClassDecorator & MethodDecorator {
  const value: ProblemDto = { type: 'about:blank', status, ...example };
  const content = { schema: { $ref: getSchemaPath(ProblemDto) }, examples: { [example.code]: { value } } };
  return ApiResponse({
    status,
    description,
    content: { 'application/problem+json': content },
    ...(headers && { headers }),
  });
}

/** Above `Idempotent`, whose own answer it stands for. */
export function ConflictProblem(description: string, detail: string): MethodDecorator {
  return problem(409, description, { code: 'conflict', title: 'Conflict', detail });
}

export function UnavailableProblem(description: string, detail: string): MethodDecorator {
  return problem(503, description, { code: 'unavailable', title: 'Not available', detail });
}

export function ForbiddenProblem(description: string, detail: string): MethodDecorator {
  return problem(403, description, { code: 'forbidden', title: 'Not allowed', detail });
}
