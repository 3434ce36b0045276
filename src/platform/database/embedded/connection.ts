import pg from 'pg';
import { errorCode } from './embedded-postgres-error.js';

export interface EmbeddedConnection {
  /** The directory of the unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
}

/** `not_yet`: no answer for now, so ask again. */
export type Probe =
  { readonly kind: 'ready'; readonly dataDir: string } | { readonly kind: 'no_database' | 'not_yet' };

export async function probe(connection: EmbeddedConnection): Promise<Probe> {
  try {
    return await withClient(connection, async (client) => {
      const result = await client.query<{ data_directory: string }>('SHOW data_directory');
      return { kind: 'ready', dataDir: result.rows[0]?.data_directory ?? '' };
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === '3D000') return { kind: 'no_database' };
    // Errors without an SQLSTATE come from the socket; 57P01..57P03: going down, crashed, starting up.
    if (code === undefined || code.length !== 5 || /^57P0[123]$/.test(code)) return { kind: 'not_yet' };
    throw error;
  }
}

export async function createDatabase(connection: EmbeddedConnection): Promise<void> {
  try {
    await withClient({ ...connection, database: 'postgres' }, (client) =>
      client.query(`CREATE DATABASE ${client.escapeIdentifier(connection.database)}`),
    );
  } catch (error) {
    if (errorCode(error) !== '42P04') throw error; // exists already
  }
}

async function withClient<T>(
  connection: EmbeddedConnection,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  // ssl: a PGSSLMODE in the environment must not reach a unix socket.
  const client = new pg.Client({ ...connection, ssl: false, connectionTimeoutMillis: 5_000 });
  // A server that goes down also fails the query in hand, which reports it; unheard, this would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}
