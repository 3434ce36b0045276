import type { Application, NewApplication, Provider, StreamConfiguration } from './api-types.js';
import { type Answer, expectStatus } from './http.js';
import { POLL, type ReceiverClient } from './receiver-client.js';
import { createProvider, createReceiverApi, sessionRevoked, signals, userNumber } from './scenario.js';
import type { Transmitter } from './transmitter.js';
import { until } from './until.js';

export interface PollAnswer {
  readonly sets: Record<string, string>;
  readonly moreAvailable?: boolean;
}

/** Answer at once. */
export const NOW = { returnImmediately: true };

export interface PollStream {
  readonly provider: Provider;
  readonly application: Application;
  readonly api: ReceiverClient;
  readonly stream: StreamConfiguration;
  /** So many SETs wait in the stream when it is done. */
  record(count: number): Promise<void>;
}

/** A receiver with a poll stream; `members` are the application's. Of a new provider unless there is one. */
export async function pollStream(
  transmitter: Transmitter,
  members: Partial<NewApplication> = {},
  to?: Provider,
): Promise<PollStream> {
  const provider = to ?? (await createProvider(transmitter));
  const { api, application } = await createReceiverApi(transmitter, provider, members);
  const stream = await api.createdStream({ delivery: { method: POLL } });
  const record = async (count: number): Promise<void> => {
    const recorded = await transmitter.admin.recordAll(
      signals(count, (each) => sessionRevoked(provider, each), userNumber),
    );
    const last = recorded.at(-1);
    if (last) await transmitter.admin.fannedOut(last.id);
  };
  return { provider, application, api, stream, record };
}

export function answerOf(answer: Answer): PollAnswer {
  return expectStatus(answer, 200).json<PollAnswer>();
}

export async function jtisOf(
  api: ReceiverClient,
  stream: StreamConfiguration,
  body: object = NOW,
): Promise<string[]> {
  return Object.keys(answerOf(await api.poll(stream, body)).sets);
}

/** So many long polls of the stream have found nothing and wait. */
export async function waits(
  { logLines }: Transmitter,
  { stream_id: id }: StreamConfiguration,
  count = 1,
): Promise<void> {
  await until(`${count} long polls wait`, () => linesOf(logLines, 'poll.waiting', id) >= count);
}

/** So many of its clients were seen to go away. */
export async function disconnects(
  { logLines }: Transmitter,
  { stream_id: id }: StreamConfiguration,
): Promise<void> {
  await until('the disconnection was noticed', () => linesOf(logLines, 'poll.disconnected', id) > 0);
}

function linesOf(lines: readonly string[], event: string, streamId: string): number {
  return lines.filter((line) => line.includes(event) && line.includes(streamId)).length;
}

/** A poll whose client can go away. */
export function abandonablePoll(
  api: ReceiverClient,
  stream: StreamConfiguration,
  body: object,
): { readonly ended: Promise<unknown>; abandon(): void } {
  const gone = new AbortController();
  const ended = fetch(stream.delivery.endpoint_url, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: gone.signal,
  }).catch(() => 'abandoned');
  return { ended, abandon: () => gone.abort() };
}
