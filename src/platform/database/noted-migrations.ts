import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { SSF_DATA_SOURCE } from './data-source.token.js';
import { ssfMigrations } from './migrations/ssf-migrations.js';

const NAMES = ssfMigrations.map((Migration) => new Migration().name);

/** Which migrations the database has, as it is noted there. */
@Injectable()
export class NotedMigrations {
  /** where they are noted, once that was seen */
  private table: string | undefined;

  constructor(@Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * Those of this version that were not run; those of a newer one are nobody's business. Empty as well when this user
   * cannot read where they are noted: then nobody can tell.
   */
  async missing(): Promise<string[]> {
    for (const table of this.table === undefined ? this.tables() : [this.table]) {
      const run = await this.notedIn(table);
      // the first one is there if any is: a table without any is of others
      if (run.length === 0) continue;
      this.table = table;
      return NAMES.filter((name) => !run.includes(name));
    }
    return [];
  }

  /** That of runSsfMigrations, and that of the host, which may have run them with its own. */
  private tables(): string[] {
    const { migrationsTableName = 'migrations', ...options } = this.dataSource.options;
    const schema = 'schema' in options && options.schema ? `${quoted(options.schema)}.` : '';
    return ['"ssf"."migrations"', schema + quoted(migrationsTableName)];
  }

  private async notedIn(table: string): Promise<string[]> {
    const [access] = await this.dataSource.query<{ may_read: boolean | null }[]>(
      `select has_table_privilege(to_regclass($1), 'select') as may_read`,
      [table],
    );
    if (!access?.may_read) return [];
    const rows = await this.dataSource.query<{ name: string }[]>(
      `select name from ${table} where name = any($1)`,
      [NAMES],
    );
    return rows.map(({ name }) => name);
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
