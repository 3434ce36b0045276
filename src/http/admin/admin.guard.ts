import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { SsfError } from '../../core/errors.js';
import { SSF_CONFIG, type SsfConfig } from '../../platform/config/ssf-options.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import { sameSecret } from '../../platform/secrets/token.js';

@Injectable()
export class AdminGuard implements CanActivate {
  constructor(@Inject(SSF_CONFIG) private readonly config: SsfConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const token = bearerToken(context.switchToHttp().getRequest<AnyRequest>());
    const { adminToken } = this.config;
    if (adminToken === undefined || !sameSecret(token, adminToken))
      throw new SsfError('invalid_token', 'the admin token is wrong');
    return true;
  }
}
