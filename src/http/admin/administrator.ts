import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { SsfError } from '../../core/errors.js';
import type { AdminPrincipal } from '../../platform/config/ports.js';
import { type AnyRequest, originOf } from '../../platform/http/request-facts.js';

const administrators = new WeakMap<AnyRequest, AdminPrincipal>();

export function setAdministrator(request: AnyRequest, administrator: AdminPrincipal): void {
  administrators.set(request, administrator);
}

/** The administrator whom the guard admitted; undefined: it is none, but a signal source. */
export function administratorOf(request: AnyRequest): AdminPrincipal | undefined {
  return administrators.get(request);
}

/** The administrator whom the guard admitted, for the audit log. */
export const Administrator = createParamDecorator((_: undefined, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<AnyRequest>();
  const administrator = administratorOf(request);
  if (!administrator) throw new SsfError('internal', 'the route has no admin guard');
  const { id, name } = administrator;
  return { kind: 'administrator', id, name, ...originOf(request) };
});
