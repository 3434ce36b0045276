import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Fan-out writes an index entry less per SET: most SETs have the `txn` of their signal, and a signal that names none has
 * its id, so they are found by the signal. Only what is neither is indexed. (The entry that goes was the dearest of
 * three: a text of 36 characters, a third of the time of storing a SET.)
 *
 * Each day's index is built by itself, the oldest first, so that only the day that is being written to is locked while
 * its own is built. The one of the whole table then takes them over.
 */
export class OwnTxn1763940000000 implements MigrationInterface {
  name = 'OwnTxn1763940000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      declare day text;
      begin
        for day in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                    where i.inhparent = 'ssf.security_event_token'::regclass order by 1 loop
          execute format('create index on ssf.%I (txn) where txn is distinct from signal_id::text', day);
        end loop;
      end $$;
      create index security_event_token_own_txn on ssf.security_event_token (txn)
        where txn is distinct from signal_id::text;
      drop index ssf.security_event_token_txn;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index security_event_token_txn on ssf.security_event_token (txn);
      drop index ssf.security_event_token_own_txn;
    `);
  }
}
