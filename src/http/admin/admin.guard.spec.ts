import 'reflect-metadata';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { ADMIN_ROLES, type AdminRole } from '../../core/admin-role.js';
import type { AdminAuthenticationService } from './admin-authentication.service.js';
import { RequireRole } from './admin-api.decorators.js';
import { AdminGuard } from './admin.guard.js';

class Handlers {
  @RequireRole('operator')
  declared(): void {}

  undeclared(): void {}
}

function admits(handler: keyof Handlers, role: AdminRole): Promise<boolean> {
  const authentication = { authenticate: () => Promise.resolve({ id: 'x', role }) };
  const guard = new AdminGuard(new Reflector(), authentication as unknown as AdminAuthenticationService);
  const context = {
    getHandler: () => Handlers.prototype[handler],
    switchToHttp: () => ({ getRequest: () => ({}) }),
  };
  return guard.canActivate(context as unknown as ExecutionContext).catch(() => false);
}

describe('the guard of the admin API', () => {
  it.each<[keyof Handlers, AdminRole[]]>([
    ['declared', ['operator', 'admin']],
    ['undeclared', ['admin']],
  ])('admits to a handler whose role is %s', async (handler, roles) => {
    const admitted = await Promise.all(ADMIN_ROLES.map((role) => admits(handler, role)));

    expect(ADMIN_ROLES.filter((_, index) => admitted[index])).toEqual(roles);
  });
});
