import { Controller, Get, HttpCode } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SsfError } from '../core/errors.js';
import { SsfHealth } from '../platform/health/ssf-health.js';

interface Readiness {
  readonly status: 'ok' | 'degraded';
  /** what somebody has to look at, although it works yet */
  readonly reasons?: readonly string[];
}

/** For load balancers and supervisors. */
@ApiExcludeController()
@Controller('healthz')
export class HealthController {
  constructor(private readonly health: SsfHealth) {}

  /** The process answers. */
  @Get('live')
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** It can do its work. */
  @Get('ready')
  async ready(): Promise<Readiness> {
    const { status, reasons } = await this.health.check();
    switch (status) {
      case 'ok':
        return { status };
      case 'degraded':
        return { status, reasons };
      case 'unavailable':
        throw new SsfError('unavailable', reasons.join('; '));
    }
  }
}
