import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrationOptions } from './src/platform/database/run-migrations.js';

// The data source of the TypeORM CLI: npm run migration:show | migration:run | migration:revert

const url = process.env.DATABASE_URL;
if (!url) throw new Error('DATABASE_URL is not set: name the database that the command is for');

/** The table of migrations lies in the schema that they make, so the schema comes first. */
async function prepared(connectionString: string): Promise<DataSource> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query('create schema if not exists ssf');
  await client.end();
  return new DataSource(migrationOptions({ type: 'postgres', url: connectionString }));
}

export default prepared(url);
