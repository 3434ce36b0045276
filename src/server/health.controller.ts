import { Controller, Get, HttpCode, Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { DataSource } from 'typeorm';
import { SsfError } from '../core/errors.js';
import { SSF_DATA_SOURCE } from '../platform/database/data-source.token.js';
import { within } from '../platform/within.js';

/** Shorter than what supervisors wait for an answer. */
const DATABASE_ANSWER_MS = 2_000;

/** For load balancers and supervisors. */
@ApiExcludeController()
@Controller('healthz')
export class HealthController implements BeforeApplicationShutdown {
  private isStopping = false;
  private asked: Promise<unknown> | undefined;

  constructor(@Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** The process answers. */
  @Get('live')
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** It can do its work: the database answers and no shutdown is under way. */
  @Get('ready')
  async ready(): Promise<{ status: string }> {
    if (this.isStopping) throw new SsfError('unavailable', 'shutting down');
    try {
      await within(DATABASE_ANSWER_MS, this.ask());
    } catch (error) {
      throw new SsfError('unavailable', 'the database does not answer', { cause: error });
    }
    return { status: 'ok' };
  }

  /** One question at a time: what a database that is stuck does not answer must not use up the connections. */
  private ask(): Promise<unknown> {
    this.asked ??= this.dataSource.query('select 1').finally(() => (this.asked = undefined));
    return this.asked;
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }
}
