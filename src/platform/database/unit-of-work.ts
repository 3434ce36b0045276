import { Inject, Injectable, Logger } from '@nestjs/common';
import { type DataSource, EntityManager, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { SSF_DATA_SOURCE } from './data-source.token.js';

type Callback = () => void;

/**
 * Transactions, and what is to happen once they are committed. A method that takes part in a transaction gets
 * its `EntityManager` passed; nothing is hidden in an async context.
 *
 * `afterCommit` works for a host's own transaction too: it hooks into the data source that the manager belongs
 * to, and fires when the outermost transaction commits, never when it rolls back.
 */
@Injectable()
export class UnitOfWork {
  private readonly logger = new Logger(UnitOfWork.name);
  private readonly pending = new WeakMap<QueryRunner, Callback[]>();
  private readonly hooked = new WeakSet<DataSource>();

  constructor(@Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** For single statements outside of a transaction. */
  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** Runs in the caller's transaction when there is one, else in a new one. */
  join<T>(manager: EntityManager | undefined, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return manager ? work(manager) : this.run(work);
  }

  /** Calls back after the commit of the transaction that `manager` is in; at once when it is in none. */
  afterCommit(manager: EntityManager, callback: Callback): void {
    const runner = manager.queryRunner;
    if (!runner?.isTransactionActive) {
      this.call(callback);
      return;
    }
    this.hook(manager.dataSource);
    const callbacks = this.pending.get(runner);
    if (callbacks) callbacks.push(callback);
    else this.pending.set(runner, [callback]);
  }

  private hook(dataSource: DataSource): void {
    if (this.hooked.has(dataSource)) return;
    this.hooked.add(dataSource);
    const subscriber: EntitySubscriberInterface = {
      // also called for a released savepoint: the transaction is then still active
      afterTransactionCommit: ({ queryRunner }) => {
        if (!queryRunner.isTransactionActive) this.flush(queryRunner);
      },
      afterTransactionRollback: ({ queryRunner }) => {
        if (!queryRunner.isTransactionActive) this.pending.delete(queryRunner);
      },
    };
    dataSource.subscribers.push(subscriber);
  }

  private flush(runner: QueryRunner): void {
    const callbacks = this.pending.get(runner) ?? [];
    this.pending.delete(runner);
    for (const callback of callbacks) this.call(callback);
  }

  private call(callback: Callback): void {
    try {
      callback();
    } catch (error) {
      this.logger.error({ err: error }, 'after-commit callback failed');
    }
  }
}
