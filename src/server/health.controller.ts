import { Controller, Get, HttpCode, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SsfError } from '../core/errors.js';
import { FEW_DAYS_AHEAD, Partitions } from '../platform/database/partitions.js';
import { within } from '../platform/within.js';

/** Shorter than what supervisors wait for an answer. */
const DATABASE_ANSWER_MS = 2_000;

interface Readiness {
  readonly status: 'ok' | 'degraded';
  /** what somebody has to look at, although it works yet */
  readonly reasons?: string[];
}

/** For load balancers and supervisors. */
@ApiExcludeController()
@Controller('healthz')
export class HealthController implements BeforeApplicationShutdown {
  private isStopping = false;
  private asked: Promise<number> | undefined;

  constructor(private readonly partitions: Partitions) {}

  /** The process answers. */
  @Get('live')
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** It can do its work: the database answers and no shutdown is under way. */
  @Get('ready')
  async ready(): Promise<Readiness> {
    if (this.isStopping) throw new SsfError('unavailable', 'shutting down');
    const daysAhead = await this.daysAhead();
    if (daysAhead >= FEW_DAYS_AHEAD) return { status: 'ok' };
    return {
      status: 'degraded',
      reasons: [`the history has partitions for ${daysAhead} more days only, then nothing can be recorded`],
    };
  }

  private async daysAhead(): Promise<number> {
    try {
      return await within(DATABASE_ANSWER_MS, this.ask());
    } catch (error) {
      throw new SsfError('unavailable', 'the database does not answer', { cause: error });
    }
  }

  /** One question at a time: what a database that is stuck does not answer must not use up the connections. */
  private ask(): Promise<number> {
    this.asked ??= this.partitions.daysAhead().finally(() => (this.asked = undefined));
    return this.asked;
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }
}
