import { setTimeout as delay } from 'node:timers/promises';
import type {
  Application,
  Metadata,
  NewProvider,
  Provider,
  StreamConfiguration,
} from '../../support/api-types.js';
import { type Answer, call, expectStatus } from '../../support/http.js';
import { makeVisible } from '../../support/queue.js';
import { POLL, PUSH } from '../../support/receiver-client.js';
import {
  createApplication,
  createProvider,
  createToken,
  sessionRevoked,
  signals,
  userNumber,
} from '../../support/scenario.js';
import { TestReceiver } from '../../support/test-receiver.js';
import type { Transmitter } from '../../support/transmitter.js';
import type { HttpVector } from './http-vectors.js';

export const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
export const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';

export const POLL_NOW = { returnImmediately: true };

/** A transmitter whose metadata name `publicOrigin`, and that listens at its `baseUrl`. */
export interface Site {
  readonly transmitter: Transmitter;
  readonly publicOrigin: string;
}

interface Party {
  readonly provider: Provider;
  readonly application: Application;
  readonly metadata: Metadata;
  readonly receiver: TestReceiver;
  readonly tokens: { readonly own: string; readonly foreign: string };
}

/** Everything that a vector may speak of. */
export class Situation {
  /** `$own` */
  private own: StreamConfiguration | undefined;
  /** `$foreign`, a stream of another receiver */
  foreign = '';
  /** `$deleted` */
  deleted = '';
  /** `$jti1`, `$jti2`, ... */
  readonly jtis: string[] = [];
  /** what a poll gave before the request of the vector */
  polled: Record<string, string> = {};
  /** happens while the request of the vector is under way */
  meanwhile: (() => Promise<void>) | undefined;

  private constructor(
    readonly site: Site,
    readonly party: Party,
  ) {}

  static async prepare(site: Site, providerMembers: Partial<NewProvider>): Promise<Situation> {
    const { transmitter } = site;
    const provider = await createProvider(transmitter, providerMembers);
    const application = await createApplication(transmitter, provider);
    const stranger = await createApplication(transmitter, provider);
    const tokens = {
      own: await createToken(transmitter, application),
      foreign: await createToken(transmitter, stranger),
    };
    const metadata = (await call(reachable(site, provider.configurationUrl))).json<Metadata>();
    const receiver = await TestReceiver.start();
    const { configurationUrl, issuer } = provider;
    receiver.believe({ configurationUrl, issuer, audience: application.audience });
    const situation = new Situation(site, { provider, application, metadata, receiver, tokens });
    await situation.createStream({}, tokens.foreign);
    situation.foreign = situation.stream.stream_id;
    await situation.createStream({});
    situation.deleted = situation.stream.stream_id;
    await situation.deleteStream(situation.deleted);
    situation.own = undefined;
    return situation;
  }

  get stream(): StreamConfiguration {
    if (!this.own)
      throw new Error('the vector speaks of a stream, but its operation is prepared without one');
    return this.own;
  }

  /** The transmitter as this receiver calls it. */
  call(url: string, options: Parameters<typeof call>[1] = {}): Promise<Answer> {
    return call(reachable(this.site, url), { token: this.party.tokens.own, ...options });
  }

  async createStream(body: object, token = this.party.tokens.own): Promise<void> {
    const answer = await this.call(this.party.metadata.configuration_endpoint, { token, body });
    this.own = expectStatus(answer, 201).json<StreamConfiguration>();
  }

  createPushStream(): Promise<void> {
    return this.createStream({
      delivery: {
        method: PUSH,
        endpoint_url: `${this.party.receiver.origin}/before`,
        authorization_header: 'Bearer before',
      },
      events_requested: [SESSION_REVOKED],
      description: 'before',
    });
  }

  createPollStream(): Promise<void> {
    return this.createStream({ delivery: { method: POLL } });
  }

  async readStream(): Promise<StreamConfiguration> {
    const url = `${this.party.metadata.configuration_endpoint}?stream_id=${this.stream.stream_id}`;
    return expectStatus(await this.call(url), 200).json<StreamConfiguration>();
  }

  async readStreams(): Promise<StreamConfiguration[]> {
    const answer = await this.call(this.party.metadata.configuration_endpoint);
    return expectStatus(answer, 200).json<StreamConfiguration[]>();
  }

  async deleteStream(id: string): Promise<void> {
    const url = `${this.party.metadata.configuration_endpoint}?stream_id=${id}`;
    expectStatus(await this.call(url, { method: 'DELETE' }), 204);
  }

  async setStatus(status: string): Promise<void> {
    const body = { stream_id: this.stream.stream_id, status };
    expectStatus(await this.call(this.party.metadata.status_endpoint, { body }), 200);
  }

  async verify(streamId: string, state?: string): Promise<void> {
    const body = { stream_id: streamId, ...(state !== undefined && { state }) };
    expectStatus(await this.call(this.party.metadata.verification_endpoint, { body }), 204);
  }

  /** The SETs that a short poll gives. */
  async poll(): Promise<Record<string, string>> {
    const answer = await this.call(this.stream.delivery.endpoint_url, { body: POLL_NOW });
    return expectStatus(answer, 200).json<{ sets: Record<string, string> }>().sets;
  }

  /** Queues one SET for each of so many signals, and notes their jtis. */
  async queue(count: number): Promise<void> {
    const { admin } = this.site.transmitter;
    const each = signals(
      count,
      (members) => sessionRevoked(this.party.provider, members),
      (index) => userNumber(this.jtis.length + index),
    );
    for (const { id } of await admin.recordAll(each)) {
      const { outcomes } = await admin.fannedOut(id);
      const jti = outcomes.find(({ streamId }) => streamId === this.stream.stream_id)?.jti;
      if (jti === undefined) throw new Error(`the signal ${id} gave the stream no SET`);
      this.jtis.push(jti);
    }
  }

  async deliverFirst(): Promise<void> {
    await this.queue(1);
    this.polled = await this.poll();
  }

  /** What was handed out to polls is not hidden any more. */
  endVisibilityPeriod(): Promise<void> {
    return makeVisible(this.site.transmitter, this.stream.stream_id);
  }

  close(): Promise<void> {
    return this.party.receiver.close();
  }
}

/** Where no subject is there by default, those that were added are listed. */
const PROVIDERS: Readonly<Record<string, object>> = { 'subject-add': { defaultSubjects: 'NONE' } };

/** The stream that the operation is about, before its precondition. */
const STREAM_OF: Readonly<Record<string, (situation: Situation) => Promise<void>>> = {
  create: async () => undefined,
  poll: (situation) => situation.createPollStream(),
};

const PRECONDITIONS: Readonly<Record<string, (situation: Situation) => Promise<void>>> = {
  '': async () => undefined,
  'one stream': async (situation) => {
    expectCount(await situation.readStreams(), 1);
  },
  'no stream': async (situation) => {
    await situation.deleteStream(situation.stream.stream_id);
    expectCount(await situation.readStreams(), 0);
  },
  'events_delivered==[SR]': async ({ stream }) => {
    if (stream.events_delivered.join() !== SESSION_REVOKED)
      throw new Error(`the stream delivers ${stream.events_delivered.join()}`);
  },
  'called just before': (situation) => situation.verify(situation.stream.stream_id),
  'status disabled': (situation) => situation.setStatus('disabled'),
  'queue empty': async (situation) => {
    expectCount(Object.keys(await situation.poll()), 0);
  },
  'event emitted after 1 s': async (situation) => {
    situation.meanwhile = async () => {
      await delay(1000);
      await situation.queue(1);
    };
  },
  'jti1 delivered': (situation) => situation.deliverFirst(),
  'jti1 delivered, jti2 queued': async (situation) => {
    await situation.deliverFirst();
    await situation.queue(1);
  },
  'jti1 delivered, not acked, period elapsed': async (situation) => {
    await situation.deliverFirst();
    await situation.endVisibilityPeriod();
  },
  'status paused, 2 held': async (situation) => {
    await situation.setStatus('paused');
    await situation.queue(2);
  },
  'stream deleted': (situation) => situation.deleteStream(situation.stream.stream_id),
};

/** Beside the precondition: without SETs in the answer, the checks of this vector would hold of nothing. */
const QUEUED: Readonly<Record<string, number>> = { 'PO-01': 2 };

export async function prepareSituation(site: Site, vector: HttpVector): Promise<Situation> {
  const situation = await Situation.prepare(site, PROVIDERS[vector.operation] ?? {});
  const openStream = STREAM_OF[vector.operation] ?? (() => situation.createPushStream());
  const precondition = PRECONDITIONS[vector.precondition];
  if (!precondition) throw new Error(`nobody knows the precondition "${vector.precondition}"`);
  await openStream(situation);
  await precondition(situation);
  const queued = QUEUED[vector.id];
  if (queued !== undefined) await situation.queue(queued);
  return situation;
}

/** Where a URL of the transmitter is answered in this test. */
export function reachable({ transmitter, publicOrigin }: Site, url: string): string {
  return url.startsWith(publicOrigin) ? transmitter.baseUrl + url.slice(publicOrigin.length) : url;
}

function expectCount(list: readonly unknown[], count: number): void {
  if (list.length !== count) throw new Error(`expected ${count} instead of ${list.length}`);
}
