import {
  Controller,
  Get,
  HttpCode,
  Inject,
  ServiceUnavailableException,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { DataSource } from 'typeorm';
import { SSF_DATA_SOURCE } from '../platform/database/data-source.token.js';

/** For load balancers and supervisors. */
@ApiExcludeController()
@Controller('healthz')
export class HealthController implements BeforeApplicationShutdown {
  private isStopping = false;

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
    if (this.isStopping) throw new ServiceUnavailableException('shutting down');
    try {
      await this.dataSource.query('select 1');
    } catch (error) {
      throw new ServiceUnavailableException('the database does not answer', { cause: error });
    }
    return { status: 'ok' };
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }
}
