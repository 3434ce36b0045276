import { applyDecorators, Header, UseFilters, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DtoPipe } from '../../platform/http/validation.js';
import { AdminErrorFilter } from './admin-error.filter.js';
import { AdminGuard } from './admin.guard.js';
import { ProblemDto } from './dto/problem.dto.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

/** What every controller of the admin API has: its guard, its errors, its validation, none of it global. */
export function AdminController(tag: string): ClassDecorator {
  return applyDecorators(
    ApiTags(tag),
    ApiBearerAuth('admin'),
    UseGuards(AdminGuard),
    UseFilters(AdminErrorFilter),
    UsePipes(new DtoPipe()),
    ApiResponse({
      status: 400,
      type: ProblemDto,
      description: 'What was sent is wrong; errors names each member.',
    }),
    ApiResponse({ status: 401, type: ProblemDto, description: 'No valid admin token.' }),
  );
}

/** For creating POSTs: the same `Idempotency-Key` gives the same answer, once made. */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    Header('Cache-Control', 'no-store'),
    ApiResponse({
      status: 409,
      type: ProblemDto,
      description: 'It exists already, or the key was used otherwise.',
    }),
  );
}

export function NotFoundProblem(): MethodDecorator {
  return ApiResponse({ status: 404, type: ProblemDto, description: 'There is no such thing.' });
}

export function ConflictProblem(description: string): MethodDecorator {
  return ApiResponse({ status: 409, type: ProblemDto, description });
}
