import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SsfError } from '../../core/errors.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { PeriodicTasks } from '../../platform/schedule/periodic-tasks.js';
import { Resealing } from '../../platform/secrets/resealing.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';

const HOUR_MS = 3_600_000;

/** Takes a key that is new, that is a day old, or whose request died a minute ago without an answer. */
const CLAIM_SQL = `
insert into ssf.idempotency_key (key, request_hash) values ($1, $2)
on conflict (key) do update set request_hash = excluded.request_hash, body = null, created_at = now()
  where ssf.idempotency_key.created_at < now() - interval '1 day'
     or (ssf.idempotency_key.body is null and ssf.idempotency_key.created_at < now() - interval '1 minute'
         and ssf.idempotency_key.request_hash = excluded.request_hash)
returning key`;

/** Answers of creating requests by their `Idempotency-Key`, kept for a day. */
@Injectable()
export class IdempotencyKeysService implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly secrets: SecretBox,
    private readonly tasks: PeriodicTasks,
    resealing: Resealing,
  ) {
    resealing.register({
      name: 'kept answers',
      table: 'ssf.idempotency_key',
      id: 'key',
      idType: 'text',
      column: 'body',
      sealedAs,
    });
  }

  onApplicationBootstrap(): void {
    this.tasks.every(HOUR_MS, 'idempotency-keys', async () => {
      await this.unitOfWork.manager.query(
        `delete from ssf.idempotency_key where created_at < now() - interval '1 day'`,
      );
    });
  }

  /**
   * Undefined: the request is the first with this key and is to be carried out. Else the answer of the first one.
   * Throws `conflict` when the key was used for another request, or the first one is still under way.
   */
  async claim(key: string, requestHash: Buffer): Promise<{ answer: unknown } | undefined> {
    const claimed = await this.unitOfWork.manager.query<unknown[]>(CLAIM_SQL, [key, requestHash]);
    if (claimed.length > 0) return undefined;
    const [row] = await this.unitOfWork.manager.query<{ request_hash: Buffer; body: Buffer | null }[]>(
      'select request_hash, body from ssf.idempotency_key where key = $1',
      [key],
    );
    if (row && !row.request_hash.equals(requestHash))
      throw new SsfError('conflict', 'Idempotency-Key: it was used for another request');
    if (!row?.body) throw new SsfError('conflict', 'Idempotency-Key: its first request is still under way');
    return { answer: JSON.parse(this.secrets.open(row.body, sealedAs(key))) as unknown };
  }

  async keep(key: string, answer: unknown): Promise<void> {
    const body = this.secrets.seal(JSON.stringify(answer), sealedAs(key));
    await this.unitOfWork.manager.query('update ssf.idempotency_key set body = $2 where key = $1', [
      key,
      body,
    ]);
  }

  /** The request failed: the key may be used again. */
  async release(key: string): Promise<void> {
    await this.unitOfWork.manager.query('delete from ssf.idempotency_key where key = $1 and body is null', [
      key,
    ]);
  }
}

function sealedAs(key: string): string {
  return `idempotency_key|${key}|body`;
}
