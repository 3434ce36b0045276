import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type AdminRole, includesRole } from '../../core/admin-role.js';
import { SsfError } from '../../core/errors.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import { AdminAuthenticationService } from './admin-authentication.service.js';
import { setAdministrator } from './administrator.js';
import { REQUIRED_ROLE } from './required-role.js';

/** Who calls (401), and whether the role is enough (403). An operation that names no role is for the highest one. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: AdminAuthenticationService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AnyRequest>();
    const administrator = await this.authentication.authenticate(request);
    const needed = this.reflector.get<AdminRole | undefined>(REQUIRED_ROLE, context.getHandler()) ?? 'admin';
    if (!includesRole(administrator.role, needed))
      throw new SsfError('forbidden', `the role ${needed} is needed`);
    setAdministrator(request, administrator);
    return true;
  }
}
