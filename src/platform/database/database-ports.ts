import type { DataSourceOptions } from 'typeorm';

const DEFAULT_PORT = 5432;

interface Server {
  readonly host?: string;
  readonly port?: number;
  readonly url?: string;
}

/** The TCP ports of a PostgreSQL data source, replicas included; none for a unix socket. */
export function databasePorts(options: DataSourceOptions): number[] {
  if (options.type !== 'postgres') return [];
  const { replication } = options;
  const servers: Server[] = replication ? [replication.master, ...replication.slaves] : [options];
  return servers.flatMap(portOf);
}

function portOf({ host, port, url }: Server): number[] {
  if (url !== undefined && URL.canParse(url)) return [Number(new URL(url).port || DEFAULT_PORT)];
  return host?.startsWith('/') ? [] : [port ?? DEFAULT_PORT];
}
