import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { SSF_DATA_SOURCE } from './data-source.token.js';

/**
 * Outlives connections that the database ends at a bad moment. The pool stops listening to a connection when it hands it
 * out, and TypeORM listens a moment later: an error between the two, in one packet with the end of the last answer,
 * would be nobody's, and Node ends a process for that. Nothing is lost by listening and doing nothing: the next statement
 * fails with the error, and the pool lets go of the connection.
 */
@Injectable()
export class LostConnections implements OnModuleInit {
  private readonly known = new WeakSet<PoolClient>();

  constructor(@Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    // the host may not have connected yet; then its pool is made later, and is its own to look after
    const { master: pool } = this.dataSource.driver as { master?: Pool };
    pool?.on('acquire', (client) => this.watch(client));
  }

  private watch(client: PoolClient): void {
    if (this.known.has(client)) return;
    this.known.add(client);
    client.on('error', () => undefined);
  }
}
