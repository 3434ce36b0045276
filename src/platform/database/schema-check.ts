import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { SSF_DATA_SOURCE } from './data-source.token.js';
import { Partitions } from './partitions.js';

/** Fails the start with a sentence that helps when the schema is not there; else makes today's partitions. */
@Injectable()
export class SchemaCheck implements OnModuleInit {
  constructor(
    @Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly partitions: Partitions,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.dataSource.options.type !== 'postgres')
      throw new Error('SsfModule needs a TypeORM data source of type "postgres"');
    const [row] = await this.dataSource.query<{ is_there: boolean }[]>(
      `select to_regclass('ssf.stream_queue') is not null as is_there`,
    );
    if (!row?.is_there)
      throw new Error(
        'the "ssf" schema is missing: call runSsfMigrations(dataSource) first, or run ssfMigrations with your own',
      );
    await this.partitions.ensure();
  }
}
