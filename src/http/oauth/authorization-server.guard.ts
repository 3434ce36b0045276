import { type CanActivate, Inject, Injectable } from '@nestjs/common';
import { SsfError } from '../../core/errors.js';
import { SSF_CONFIG, type SsfConfig } from '../../platform/config/ssf-options.js';

/**
 * Off, it is not there. Which routes exist is decided with the module; whether the host authenticates receivers
 * itself may be known only later.
 */
@Injectable()
export class AuthorizationServerGuard implements CanActivate {
  constructor(@Inject(SSF_CONFIG) private readonly config: SsfConfig) {}

  canActivate(): boolean {
    if (!this.config.authorizationServer) throw new SsfError('not_found', 'there is nothing here');
    return true;
  }
}
