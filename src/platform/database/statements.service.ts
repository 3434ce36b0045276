import { Inject, Injectable, Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { type DataSource, QueryFailedError, type QueryRunner } from 'typeorm';
import { SSF_DATA_SOURCE } from './data-source.token.js';
import { sqlStateOf } from './sql-state.js';

/**
 * With more rows, planning is a small part of what a statement costs, and a plan for just these is worth it: one for
 * any number would be slow when a queue has grown since it was made. PostgreSQL thinks of ten when it does not know.
 */
const FEW_ROWS = 10;

/**
 * What a pooler in transaction mode answers that does not keep track of prepared statements: that one is not there
 * (26000), or is already (42P05).
 */
const LOST_TRACK = new Set(['26000', '42P05']);

/**
 * Runs the statements that every signal needs. Parsing and planning one takes PostgreSQL three times as long as running
 * it for a single row (docs/scaling.md), so for few rows each connection prepares it once. Not inside a transaction,
 * which could not go on after a pooler has lost track.
 */
@Injectable()
export class Statements {
  private readonly logger = new Logger(Statements.name);
  private readonly names = new Map<string, string>();
  private doesPrepare = true;

  constructor(@Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * Runs a statement that ends with a SELECT, as a transaction of its own. `sql` is one of a few constants; `rows` is
   * about how many it works on.
   */
  async run<Row extends object>(sql: string, parameters: unknown[], rows: number): Promise<Row[]> {
    if (!this.doesPrepare || rows > FEW_ROWS) return this.dataSource.query(sql, parameters);
    try {
      return await this.runPrepared<Row>(sql, parameters);
    } catch (error) {
      if (!LOST_TRACK.has(sqlStateOf(error) ?? '')) throw error;
      this.giveUp();
      // it was refused before it did anything
      return this.dataSource.query(sql, parameters);
    }
  }

  private async runPrepared<Row extends object>(sql: string, parameters: unknown[]): Promise<Row[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      // what TypeORM's own `query` does, but for the name, which it cannot pass on
      const client = (await runner.connect()) as PoolClient;
      return await this.ask<Row>(client, runner, sql, parameters);
    } finally {
      await runner.release();
    }
  }

  private async ask<Row extends object>(
    client: PoolClient,
    runner: QueryRunner,
    sql: string,
    parameters: unknown[],
  ): Promise<Row[]> {
    const { logger } = this.dataSource;
    logger.logQuery(sql, parameters, runner);
    try {
      return (await client.query<Row>({ name: this.nameOf(sql), text: sql, values: parameters })).rows;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      logger.logQueryError(error, sql, parameters, runner);
      throw new QueryFailedError(sql, parameters, error);
    }
  }

  /** Tells the text: processes of two versions may share a pooler's connections. */
  private nameOf(sql: string): string {
    const known = this.names.get(sql);
    if (known !== undefined) return known;
    const name = `ssf_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
    this.names.set(sql, name);
    return name;
  }

  private giveUp(): void {
    if (!this.doesPrepare) return;
    this.doesPrepare = false;
    this.logger.warn(
      { event: 'database.no_prepared_statements' },
      'a pooler loses track of prepared statements: from now on the database plans each statement anew',
    );
  }
}
