import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ClientConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { SSF_CONFIG, type SsfConfig } from '../config/ssf-options.js';
import { SSF_DATA_SOURCE } from '../database/data-source.token.js';
import { ListenConnection } from './listen-connection.js';
import { SsfEventBus } from './ssf-event-bus.js';
import { RELAYED_EVENTS, type RelayedEventName, type SsfEventMap } from './ssf-event-map.js';

const CHANNEL = 'ssf_doorbell';
/** PostgreSQL refuses payloads of 8,000 bytes and more; a longer list is sent in parts. */
const IDS_PER_NOTICE = 100;
const DEBOUNCE_MS = 5;

interface Notice {
  readonly from: string;
  readonly event: RelayedEventName;
  readonly ids: readonly string[];
}

/**
 * Rings the doorbells of the other processes that share the database, by LISTEN/NOTIFY. Notices are gathered for
 * a few milliseconds and sent after the commit, in a statement of their own: inside a writing transaction
 * `pg_notify` takes a lock that all commits share. A lost notice costs the time until the next sweep, no more.
 */
@Injectable()
export class DoorbellRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(DoorbellRelay.name);
  private readonly self = randomUUID();
  private readonly gathered = new Map<RelayedEventName, Set<string>>();
  private readonly unsubscribe: (() => void)[] = [];
  private readonly connection: ListenConnection;
  private flushTimer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    @Inject(SSF_DATA_SOURCE) dataSource: DataSource,
    private readonly bus: SsfEventBus,
  ) {
    this.connection = new ListenConnection({
      channel: CHANNEL,
      connection: () =>
        config.listenDatabaseUrl ? { connectionString: config.listenDatabaseUrl } : connectionOf(dataSource),
      query: (sql, parameters) => dataSource.query(sql, parameters),
      heard: (payload) => this.receive(payload),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const event of RELAYED_EVENTS)
      this.unsubscribe.push(
        this.bus.on(event, (payload) => {
          if (!payload.isRemote && !this.isOwnWork(event)) this.gather(event, idsOf(payload));
        }),
      );
    await this.connection.open();
  }

  /**
   * The database's name for this process' standing connection; undefined while there is none. While the database
   * knows it, the process lives.
   */
  get backendPid(): number | undefined {
    return this.connection.backendPid;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    clearTimeout(this.flushTimer);
    await this.connection.close();
  }

  /** Who fans out does so with what it recorded: woken too, the others would only come too late for it. */
  private isOwnWork(event: RelayedEventName): boolean {
    return event === 'signal.recorded' && this.config.delivery;
  }

  private gather(event: RelayedEventName, ids: readonly string[]): void {
    const set = this.gathered.get(event) ?? new Set();
    this.gathered.set(event, set);
    for (const id of ids) set.add(id);
    this.flushTimer ??= setTimeout(() => this.flush(), DEBOUNCE_MS);
  }

  private flush(): void {
    this.flushTimer = undefined;
    const notices = [...this.gathered].flatMap(([event, ids]) => this.inParts(event, [...ids]));
    this.gathered.clear();
    this.connection.notify(notices.map((notice) => JSON.stringify(notice))).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'could not ring the doorbell of the other processes');
    });
  }

  private inParts(event: RelayedEventName, ids: string[]): Notice[] {
    const parts: Notice[] = [];
    for (let start = 0; start < ids.length; start += IDS_PER_NOTICE)
      parts.push({ from: this.self, event, ids: ids.slice(start, start + IDS_PER_NOTICE) });
    return parts;
  }

  private receive(payload: string): void {
    const notice = parseNotice(payload);
    if (!notice || notice.from === this.self) return;
    switch (notice.event) {
      case 'signal.recorded':
      case 'signing_keys.changed':
        this.bus.emit(notice.event, { providerIds: notice.ids, isRemote: true });
        break;
      case 'set.queued':
      case 'stream.changed':
        this.bus.emit(notice.event, { streamIds: notice.ids, isRemote: true });
        break;
    }
  }
}

function idsOf(payload: SsfEventMap[RelayedEventName]): readonly string[] {
  return 'providerIds' in payload ? payload.providerIds : payload.streamIds;
}

/** Whoever may connect to the database may notify: what does not look like ours is nobody's doorbell. */
function parseNotice(payload: string): Notice | undefined {
  try {
    const notice = JSON.parse(payload) as Partial<Notice>;
    const isOurs =
      typeof notice.from === 'string' &&
      RELAYED_EVENTS.some((name) => name === notice.event) &&
      Array.isArray(notice.ids) &&
      notice.ids.every((id) => typeof id === 'string');
    return isOurs ? (notice as Notice) : undefined;
  } catch {
    return undefined;
  }
}

/** The pool's own connection settings, whatever way the host gave them. */
function connectionOf(dataSource: DataSource): ClientConfig {
  const driver = dataSource.driver as unknown as { master: { options: ClientConfig } };
  return driver.master.options;
}
