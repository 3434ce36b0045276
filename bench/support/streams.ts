import { randomBytes } from 'node:crypto';
import { taken } from '../../test/support/admin-client.js';
import type { Application, NewProvider, Provider } from '../../test/support/api-types.js';
import { POLL, PUSH } from '../../test/support/receiver-client.js';
import { inParallel } from './in-parallel.js';
import type { Transmitter } from './transmitter.js';

/** As many as an application may have. */
export const STREAMS_PER_APPLICATION = 1000;
const AT_A_TIME = 4;

export interface StreamsRequest {
  readonly count: number;
  /** push streams go to these ports of the sink in turn; without ports they are polled */
  readonly ports?: readonly number[];
  /** members of the provider, `signingAlgorithm` for one */
  readonly provider?: Partial<NewProvider>;
}

/** A provider and its streams, made through the admin API. */
export interface Streams {
  readonly provider: Provider;
  readonly applications: readonly Application[];
  /** the first application has the first {@link STREAMS_PER_APPLICATION}, and so on */
  readonly ids: readonly string[];
}

export async function createStreams(
  { admin }: Transmitter,
  { count, ports, provider: members }: StreamsRequest,
): Promise<Streams> {
  const slug = `p-${randomBytes(4).toString('hex')}`;
  const body = { slug, name: slug, ...members };
  const provider = await taken(admin.api.POST('/api/v1/providers', { body }));
  const applications: Application[] = [];
  const ids: string[] = [];
  for (let start = 0; start < count; start += STREAMS_PER_APPLICATION) {
    const application = await taken(
      admin.api.POST('/api/v1/applications', {
        body: {
          providerId: provider.id,
          slug: `a-${start}`,
          name: `Application ${start}`,
          verifyOnCreate: false,
          maxStreams: STREAMS_PER_APPLICATION,
        },
      }),
    );
    applications.push(application);
    const indexes = Array.from(
      { length: Math.min(STREAMS_PER_APPLICATION, count - start) },
      (_, i) => start + i,
    );
    const made = await inParallel(indexes, AT_A_TIME, async (index) => {
      const port = ports?.[index % ports.length];
      const delivery =
        port === undefined
          ? { method: POLL }
          : { method: PUSH, endpoint_url: `http://127.0.0.1:${port}/events/${index}` };
      const stream = { applicationId: application.id, delivery };
      return taken(admin.api.POST('/api/v1/streams', { body: stream }));
    });
    ids.push(...made.map(({ id }) => id));
  }
  return { provider, applications, ids };
}
