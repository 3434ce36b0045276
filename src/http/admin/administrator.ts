import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { type AnyRequest, originOf } from '../../platform/http/request-facts.js';

/** The administrator whom the guard admitted, for the audit log. */
export const Administrator = createParamDecorator((_: undefined, context: ExecutionContext): Actor => ({
  kind: 'administrator',
  ...originOf(context.switchToHttp().getRequest<AnyRequest>()),
}));
