import { expectStatus } from '../../test/support/http.js';
import { ReceiverClient } from '../../test/support/receiver-client.js';
import type { Streams } from './streams.js';
import type { Transmitter } from './transmitter.js';

/** An application token with which a receiver manages and polls the streams of an application. */
export async function createToken(
  { admin }: Transmitter,
  { applications }: Streams,
  application = 0,
): Promise<string> {
  const id = applications[application]?.id ?? '';
  const answer = await admin.call(`/applications/${id}/tokens`, { body: { scopes: ['ssf.manage'] } });
  return expectStatus(answer, 201).json<{ token: string }>().token;
}

/** As the receiver does it (SSF 1.0 section 8.1.3.2), for streams of the first application. */
export async function addSubjects(
  transmitter: Transmitter,
  streams: Streams,
  subjects: readonly { readonly streamId: string | undefined; readonly number: number }[],
): Promise<void> {
  const { configurationUrl, issuer } = streams.provider;
  const api = await ReceiverClient.discover(configurationUrl, await createToken(transmitter, streams));
  for (const { streamId, number } of subjects) {
    const subject = { format: 'iss_sub', iss: issuer, sub: subjectOf(number) };
    expectStatus(await api.addSubject({ stream_id: streamId, subject }), 200);
  }
}

/** The `sub` of a subject that streams are asked for. */
export function subjectOf(number: number): string {
  return `subject-${number}`;
}
