import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which streams have subjects of their own, and of which shapes, becomes a small table that only grows: fan-out keeps
 * it with its plan instead of asking for each batch. And an index that no query used goes.
 */
export class HotPaths1763840000000 implements MigrationInterface {
  name = 'HotPaths1763840000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The shapes of the subjects that were ever in a stream's list; '' stands for all simple ones.
      create table ssf.subject_shape (
        stream_id uuid not null references ssf.stream on delete cascade,
        kind text not null check (kind in ('added', 'removed')),
        shape text not null,
        primary key (stream_id, kind, shape)
      );
      insert into ssf.subject_shape (stream_id, kind, shape)
      select distinct stream_id, kind, coalesce(shape, '') from ssf.stream_subject;
      alter table ssf.stream_subject drop column shape;
      drop index ssf.attempt_stream;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index attempt_stream on ssf.attempt (stream_id, jti desc);
      alter table ssf.stream_subject add column shape text;
      update ssf.stream_subject
         set shape = (select replace(jsonb_agg(name order by name collate "C")::text, ', ', ',') from jsonb_object_keys(subject - 'format') as name)
       where subject ->> 'format' = 'complex';
      create index stream_subject_shape on ssf.stream_subject (stream_id, kind, shape) where shape is not null;
      drop table ssf.subject_shape;
    `);
  }
}
