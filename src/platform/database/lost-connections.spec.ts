import type { PoolClient } from 'pg';
import { EventEmitter } from 'node:events';
import type { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import { LostConnections } from './lost-connections.js';

it('a connection that is lost while it is handed out does not end the process', () => {
  const pool = new EventEmitter();
  const client = new EventEmitter() as PoolClient;
  const lose = (): boolean => client.emit('error', new Error('terminating connection'));
  expect(lose).toThrow('terminating connection');

  new LostConnections({ driver: { master: pool } } as unknown as DataSource).onModuleInit();
  pool.emit('acquire', client);
  pool.emit('acquire', client);

  expect(lose()).toBe(true);
  expect(client.listenerCount('error')).toBe(1);
});
