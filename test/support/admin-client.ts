import type {
  AdminStream,
  AuditEntry,
  Page,
  RecordedSignal,
  SetRecord,
  SetSummary,
  StoredSignal,
} from './api-types.js';
import { type Answer, type Call, call, expectStatus } from './http.js';
import { until } from './until.js';

/** The admin API as an administrator's script uses it. */
export class AdminClient {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  /** Any call; `path` is below `/api/v1`. */
  call(path: string, options: Call = {}): Promise<Answer> {
    return call(`${this.baseUrl}/api/v1${path}`, { token: this.token, ...options });
  }

  async get<Body>(path: string): Promise<Body> {
    return expectStatus(await this.call(path), 200).json<Body>();
  }

  async create<Body>(path: string, body: unknown): Promise<Body> {
    return expectStatus(await this.call(path, { body }), 201).json<Body>();
  }

  async delete(path: string): Promise<void> {
    expectStatus(await this.call(path, { method: 'DELETE' }), 204);
  }

  /** With the SETs that wait. */
  deleteAll(path: string): Promise<void> {
    return this.delete(`${path}?force=true`);
  }

  /** Records one signal that must be taken; answers its id. */
  async record(signal: object): Promise<string> {
    const [recorded] = await this.recordAll(signal);
    if (!recorded) throw new Error('no signal was recorded');
    return recorded.id;
  }

  /** Records one or several signals that must be taken. */
  async recordAll(signals: object): Promise<RecordedSignal[]> {
    const answer = expectStatus(await this.call('/signals', { body: signals }), 202);
    return answer.json<{ data: RecordedSignal[] }>().data;
  }

  /** The signal once it is fanned out. */
  fannedOut(signalId: string): Promise<StoredSignal> {
    return until(`the fan-out of the signal ${signalId}`, async () => {
      const signal = await this.get<StoredSignal>(`/signals/${signalId}`);
      return signal.fannedOutAt === null ? undefined : signal;
    });
  }

  set(jti: string): Promise<SetRecord> {
    return this.get<SetRecord>(`/sets/${jti}`);
  }

  /** The SET once it stands like this. */
  async setWhen(jti: string, what: string, holds: (set: SetRecord) => boolean): Promise<SetRecord> {
    return until(`the SET ${jti} is ${what}`, async () => {
      const set = await this.set(jti);
      return holds(set) && set;
    });
  }

  setWithStatus(jti: string, status: string): Promise<SetRecord> {
    return this.setWhen(jti, status, (set) => set.status === status);
  }

  async sets(query: Readonly<Record<string, string>>): Promise<SetSummary[]> {
    return (await this.get<Page<SetSummary>>(`/sets?${new URLSearchParams(query).toString()}`)).data;
  }

  /** Newest first, a page of them. */
  async auditLog(query: Readonly<Record<string, string>>): Promise<AuditEntry[]> {
    const parameters = new URLSearchParams({ limit: '250', ...query });
    return (await this.get<Page<AuditEntry>>(`/audit-log?${parameters.toString()}`)).data;
  }

  stream(id: string): Promise<AdminStream> {
    return this.get<AdminStream>(`/streams/${id}`);
  }

  streamWhen(id: string, what: string, holds: (stream: AdminStream) => boolean): Promise<AdminStream> {
    return until(`the stream ${id} ${what}`, async () => {
      const stream = await this.stream(id);
      return holds(stream) && stream;
    });
  }

  /** Every item of a list, page by page. */
  async all<Item>(path: string, limit: number): Promise<Item[][]> {
    const pages: Item[][] = [];
    let cursor: string | null = null;
    do {
      const url = new URL(path, 'http://list');
      url.searchParams.set('limit', String(limit));
      if (cursor !== null) url.searchParams.set('cursor', cursor);
      const page: Page<Item> = await this.get(url.pathname + url.search);
      pages.push(page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return pages;
  }
}
