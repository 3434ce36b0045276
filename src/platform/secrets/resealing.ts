import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { SSF_DATA_SOURCE } from '../database/data-source.token.js';
import { SecretBox, SecretBoxError } from './secret-box.js';

/** A column of sealed values; its names come from the code, never from a caller. */
export interface SealedColumn {
  /** what is in it, for the report */
  readonly name: string;
  readonly table: string;
  /** the primary key */
  readonly id: string;
  readonly idType: 'uuid' | 'text';
  readonly column: string;
  /** the place of a row's value (`aad` of SecretBox) */
  sealedAs(id: string): string;
}

export interface ResealReport {
  readonly name: string;
  /** were encrypted with another key than the first, and are with the first now */
  readonly resealed: number;
  /** were encrypted with a key that is not configured: they are as they were */
  readonly unreadable: number;
}

interface Row {
  readonly id: string;
  readonly value: Buffer;
}

const BATCH = 200;
const FIRST_ID = { uuid: '00000000-0000-0000-0000-000000000000', text: '' };

/** Encrypts anew, with the first key, what was encrypted with another: afterwards the others can go. */
@Injectable()
export class Resealing {
  private readonly logger = new Logger(Resealing.name);
  private readonly columns: SealedColumn[] = [];

  constructor(
    @Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly secrets: SecretBox,
  ) {}

  /** To be called by whoever keeps sealed values, before anything is asked for. */
  register(column: SealedColumn): void {
    this.columns.push(column);
  }

  /**
   * Batch by batch, without holding up anybody; what is written meanwhile is left as it was written. Yields how far a
   * column is after each batch, and goes on when it is asked to; returns the reports of all columns.
   */
  async *run(): AsyncGenerator<ResealReport, ResealReport[], undefined> {
    const reports: ResealReport[] = [];
    for (const column of this.columns) {
      const report = yield* this.resealColumn(column);
      this.logger.log({ event: 'secrets.resealed', ...report });
      reports.push(report);
    }
    return reports;
  }

  private async *resealColumn(column: SealedColumn): AsyncGenerator<ResealReport, ResealReport, undefined> {
    let [resealed, unreadable, after] = [0, 0, FIRST_ID[column.idType]];
    for (;;) {
      const rows = await this.outdated(column, after);
      const last = rows.at(-1);
      if (!last) return { name: column.name, resealed, unreadable };
      after = last.id;
      const anew = rows.flatMap((row) => {
        const value = this.reseal(column, row);
        return value ? [{ ...row, anew: value }] : [];
      });
      unreadable += rows.length - anew.length;
      resealed += await this.write(column, anew);
      yield { name: column.name, resealed, unreadable };
    }
  }

  private reseal(column: SealedColumn, { id, value }: Row): Buffer | undefined {
    const place = column.sealedAs(id);
    try {
      return this.secrets.seal(this.secrets.open(value, place), place);
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      return undefined;
    }
  }

  /** Walks the primary key; what is sealed with the first key begins with its name. */
  private outdated({ table, id, idType, column }: SealedColumn, after: string): Promise<Row[]> {
    return this.dataSource.query<Row[]>(
      `select ${id}::text as id, ${column} as value from ${table}
        where ${id} > $1::${idType} and substring(${column} from 1 for length($2::bytea)) <> $2
        order by ${table}.${id} limit ${BATCH}`,
      [after, this.secrets.currentPrefix],
    );
  }

  /** Only what is still as it was read. */
  private async write(
    { table, id, idType, column }: SealedColumn,
    rows: readonly (Row & { readonly anew: Buffer })[],
  ): Promise<number> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `update ${table} t set ${column} = x.anew
         from unnest($1::${idType}[], $2::bytea[], $3::bytea[]) as x(id, value, anew)
        where t.${id} = x.id and t.${column} = x.value`,
      [rows.map((row) => row.id), rows.map(({ value }) => value), rows.map(({ anew }) => anew)],
    );
    return count;
  }
}
