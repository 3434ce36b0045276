import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './admin-api.js';
import type {
  AdminStream,
  AuditEntry,
  ListedSubject,
  Page,
  Provider,
  RecordedSignal,
  Recovery,
  SetRecord,
  SetStatus,
  SetSummary,
  Signal,
  StoredSignal,
} from './api-types.js';
import { type Answer, type Call, call, expectStatus } from './http.js';
import { until } from './until.js';

type Listed = '/api/v1/signals' | '/api/v1/sets' | '/api/v1/audit-log';
type Query<Path extends Listed> = NonNullable<paths[Path]['get']['parameters']['query']>;

/** The admin API as an administrator's script uses it. */
export class AdminClient {
  /** Each call as the description of the API has it; what is sent wrong on purpose goes by `call`. */
  readonly api: Client<paths>;

  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {
    this.api = createClient<paths>({
      baseUrl,
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
    });
  }

  /** Any call; `path` is below `/api/v1`. */
  call(path: string, options: Call = {}): Promise<Answer> {
    return call(`${this.baseUrl}/api/v1${path}`, { token: this.token, ...options });
  }

  async delete(path: string): Promise<void> {
    expectStatus(await this.call(path, { method: 'DELETE' }), 204);
  }

  /** With the SETs that wait. */
  deleteAll(path: string): Promise<void> {
    return this.delete(`${path}?force=true`);
  }

  /** Records one signal that must be taken; answers its id. */
  async record(signal: Signal): Promise<string> {
    const [recorded] = await this.recordAll(signal);
    if (!recorded) throw new Error('no signal was recorded');
    return recorded.id;
  }

  /** Records one or several signals that must be taken. */
  async recordAll(signals: Signal | Signal[]): Promise<RecordedSignal[]> {
    const answer = await taken(this.api.POST('/api/v1/signals', { body: signals }));
    if (typeof answer === 'string') throw new Error('only an import is answered with lines');
    return answer.data;
  }

  provider(id: string): Promise<Provider> {
    return taken(this.api.GET('/api/v1/providers/{id}', { params: { path: { id } } }));
  }

  signal(id: string): Promise<StoredSignal> {
    return taken(this.api.GET('/api/v1/signals/{id}', { params: { path: { id } } }));
  }

  async signals(query: Query<'/api/v1/signals'>): Promise<StoredSignal[]> {
    return (await taken(this.api.GET('/api/v1/signals', { params: { query } }))).data;
  }

  /** The signal once it is fanned out. */
  fannedOut(signalId: string): Promise<StoredSignal> {
    return until(`the fan-out of the signal ${signalId}`, async () => {
      const signal = await this.signal(signalId);
      return signal.fannedOutAt === null ? undefined : signal;
    });
  }

  set(jti: string): Promise<SetRecord> {
    return taken(this.api.GET('/api/v1/sets/{jti}', { params: { path: { jti } } }));
  }

  /** The SET once it stands like this. */
  async setWhen(jti: string, what: string, holds: (set: SetRecord) => boolean): Promise<SetRecord> {
    return until(`the SET ${jti} is ${what}`, async () => {
      const set = await this.set(jti);
      return holds(set) && set;
    });
  }

  setWithStatus(jti: string, status: SetStatus): Promise<SetRecord> {
    return this.setWhen(jti, status, (set) => set.status === status);
  }

  async sets(query: Query<'/api/v1/sets'>): Promise<SetSummary[]> {
    return (await taken(this.api.GET('/api/v1/sets', { params: { query } }))).data;
  }

  /** Newest first, a page of them. */
  async auditLog(query: Query<'/api/v1/audit-log'>): Promise<AuditEntry[]> {
    const page = this.api.GET('/api/v1/audit-log', { params: { query: { limit: 250, ...query } } });
    return (await taken(page)).data;
  }

  stream(id: string): Promise<AdminStream> {
    return taken(this.api.GET('/api/v1/streams/{id}', { params: { path: { id } } }));
  }

  /** What is in the list of its subjects. */
  async subjects(id: string): Promise<ListedSubject[]> {
    const page = this.api.GET('/api/v1/streams/{id}/subjects', { params: { path: { id } } });
    return (await taken(page)).data;
  }

  recovery(id: string): Promise<Recovery> {
    return taken(this.api.GET('/api/v1/recoveries/{id}', { params: { path: { id } } }));
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
      const page: Page<Item> = expectStatus(await this.call(url.pathname + url.search), 200).json();
      pages.push(page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return pages;
  }
}

/** What a call was answered with; that must be a 2xx. */
export async function taken<Data>(
  answer: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await answer;
  if (!response.ok)
    throw new Error(
      `expected a 2xx, but got ${response.status}: ${JSON.stringify(error)?.slice(0, 1000) ?? ''}`,
    );
  return data as Data;
}
