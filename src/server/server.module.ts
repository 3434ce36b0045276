import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import type { SsfOptions } from '../platform/config/ssf-options.js';
import { SsfModule } from '../ssf.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ServerErrorFilter } from './server-error.filter.js';

export interface ServerModuleOptions {
  readonly dataSource: DataSourceOptions;
  readonly ssf: SsfOptions;
}

/** The standalone server: one host of SsfModule. */
@Module({})
export class ServerModule {
  static with({ dataSource, ssf }: ServerModuleOptions): DynamicModule {
    return {
      module: ServerModule,
      imports: [
        ScheduleModule.forRoot(),
        TypeOrmModule.forRoot({ ...dataSource, autoLoadEntities: true, retryAttempts: 0 }),
        SsfModule.forRoot(ssf),
      ],
      controllers: [HealthController, MetricsController],
      providers: [{ provide: APP_FILTER, useClass: ServerErrorFilter }],
    };
  }
}
