import { classifyPushResponse, type PushAnswer } from '../../src/core/delivery/classify-push-response.js';
import { retryDelaySeconds } from '../../src/core/delivery/retry-policy.js';
import type { SsfErrorCode } from '../../src/core/errors.js';
import { statusOf } from '../../src/platform/http/error-status.js';
import { SET_STATUSES, type SetStatus } from '../../src/queue/set-status.js';
import { NO_SET_REASONS } from '../../src/signals/signal.js';
import { code, page, sentence, table } from './markdown.js';
import { arrayElements, textOf, unionMembers } from './source-code.js';

const STATUS_MEANINGS = {
  pending: 'Waits to be sent, for the first time or again.',
  held: 'Waits because its stream is paused.',
  delivered: 'The receiver has it.',
  rejected: 'The receiver refused it, for good.',
  dead: 'Given up: the receiver failed on it again and again while it took others. The reason is the last failure.',
  dropped:
    'It waited too long (`expired`) or was withdrawn, without the receiver having it; the reason says why.',
} as const satisfies Record<SetStatus, string>;

/** What a caller does about it. */
const NEXT_STEPS = {
  invalid_request: 'Correct the members that are named, and send it again.',
  missing_token: 'Send a bearer token in the `Authorization` header.',
  invalid_token:
    'Take the right token, or get a new one: it may be mistyped, of another provider, expired or revoked.',
  insufficient_scope: 'Use a token with the scope that the `WWW-Authenticate` header names.',
  forbidden: 'The text says who may. Sending it again does not help.',
  not_found:
    'Look the id up in the list; it may have been deleted, or be of another application or provider.',
  method_not_allowed: 'Use a method of the `Allow` header.',
  conflict: 'The text says what is in the way: change that, or take another name, then send it again.',
  has_pending_sets:
    'Wait until they are delivered (`GET .../deletion` tells how many there are), or repeat it with `?force=true`: they are then `dropped` with the reason `stream_deleted`.',
  precondition_failed:
    'Read it again, look whether your change still is right, and send that with the new `ETag` as `If-Match`.',
  too_many_requests: 'Wait for as long as `Retry-After` says.',
  payload_too_large: 'Send less at a time; signals, in several requests.',
  unavailable: 'Send it again in a moment; with an `Idempotency-Key`, a creating POST is safe to repeat.',
  internal: 'Look for the `x-request-id` of the answer in the log of the transmitter.',
} as const satisfies Record<SsfErrorCode, string>;

/** What ends a SET without an answer of the receiver: the code that writes it, and its meaning. */
const OWN_REASONS = [
  [
    'expired',
    'src/delivery/delivery-engine.ts',
    'It was not delivered within the retention that its provider had when it was made, nor, if pushes failed, within its extensions.',
  ],
  ['stream_deleted', 'src/queue/queue.service.ts', 'Its stream, application or provider was deleted.'],
  [
    'status_disabled',
    'src/streams/stream-status.service.ts',
    'It waited when its stream was disabled, or a verification was asked of a disabled stream.',
  ],
  [
    'hold_limit',
    'src/queue/held-sets.service.ts',
    'Its stream was paused and held more than it may, and this was one of the oldest.',
  ],
  ['purged', 'src/queue/set-purge.sql.ts', 'It waited when its subject was purged, with `includePending`.'],
  ['claims_missing', 'src/delivery/delivery-engine.ts', 'Its row is gone from the history.'],
  [
    'internal_error',
    'src/delivery/delivery-engine.ts',
    'A try failed on our side; the log has the details. The stream backs off.',
  ],
] as const;

/** Members of the union whose name says it all. */
const PLAIN_NETWORK_CODES: Readonly<Record<string, string>> = {
  connection_refused: 'nothing listens at the address',
  connection_reset: 'the connection was closed before the response was complete',
};

const ANSWERS: readonly (readonly [string, PushAnswer])[] = [
  ['202', response(202)],
  ['another 2xx', response(200)],
  ['400 without a readable code, or with another one than below', response(400)],
  ['400 `invalid_key`', response(400, 'invalid_key')],
  ['400 `authentication_failed`', response(400, 'authentication_failed')],
  ['400 `access_denied`', response(400, 'access_denied')],
  ['413', response(413)],
  ['3xx (redirects are not followed)', response(307)],
  ['401, 403, 404, 410 and any other 4xx', response(404)],
  ['408, 425, 429', response(429)],
  ['5xx', response(503)],
  ['no answer: a network code below', { kind: 'network', code: 'timeout' }],
];

export function errorsPage(): string {
  return page(
    'Errors, reasons and outcomes',
    ['src/core/errors.ts', 'src/signals/signal.ts', 'src/queue/set-status.ts', 'src/core/delivery/'],
    '## Errors of the APIs',
    'The admin API answers errors as `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `code`, `detail` and, where members of the request are wrong, `errors: [{ "member", "message" }]`. The receiver API answers `{ "err": code, "description": text }`. Switch on the code; texts may change.',
    table(
      ['Code', 'HTTP status', 'Meaning', 'What to do next'],
      [...unionMembers('src/core/errors.ts', 'SsfErrorCode')].map(([name, doc]) => [
        code(name),
        String(statusOf(name as SsfErrorCode)),
        sentence(doc),
        NEXT_STEPS[name as SsfErrorCode],
      ]),
    ),
    '`missing_token`, `invalid_token` and `insufficient_scope` come with a `WWW-Authenticate` header (RFC 6750 section 3), `too_many_requests` with `Retry-After` in seconds, and `precondition_failed` with the `ETag` of what there is now. `has_pending_sets` has `deletion`: how many applications, streams, SETs and signals would go. In a host, `SsfError` has the same `code`, and `problems` for `errors`.',
    '## Why a stream got no SET',
    '`GET /api/v1/signals/{id}` lists in `outcomes`, for each stream of the provider, the `jti` of its SET or one of these reasons.',
    table(['Reason', 'Meaning'], noSetReasons()),
    '## Where a SET stands',
    '`status` of `GET /api/v1/sets` and `GET /api/v1/sets/{jti}`.',
    table(
      ['Status', 'Meaning'],
      SET_STATUSES.map((status) => [code(status), STATUS_MEANINGS[status]]),
    ),
    'Any SET that ended can be sent again; it is then `pending` or `held`, and its history has an attempt with the outcome `redelivered`.',
    '## What a receiver’s answer does',
    'Each try is an attempt of the SET (`attempts` of `GET /api/v1/sets/{jti}`), with the HTTP status and `err`: the code that the receiver sent, or else `http_{status}`.',
    table(
      ['Answer to a push', 'Outcome', 'What follows'],
      ANSWERS.map(([answer, input]) => [answer, ...outcomeOf(input)]),
    ),
    `A stream that fails is backed off as a whole, and nothing is sent to it until its next try. The waits, each 20 % more or less: quick ${backOffSteps('quick')}; slow ${backOffSteps('slow')}; then every hour. A longer \`Retry-After\` is heeded, up to an hour. Ten rejections without a success between them make the stream back off, too.`,
    'A SET that fails again while others of its stream are delivered is set aside, with what is about the same subject: for a minute, a quarter of an hour, an hour, and is then `dead`. Each time counts only when others were delivered since the last. A failure before the request was sent, a 429 and a `Retry-After` are never held against a SET.',
    '## What a poll says',
    'A poll stream has no failures and no back-off. A SET that is handed out is hidden for a while and then handed out again, until a poll request names it; its attempt then has the number of hand-outs as `attempt`.',
    table(
      ['In the poll request', 'Outcome', 'What follows'],
      [
        ['`ack`', 'delivered', ''],
        ['`setErrs`, whatever the code, even beside `ack`', 'rejected', 'This SET is not handed out again.'],
        ['neither', '', 'The SET is handed out again.'],
      ],
    ),
    '## Network codes',
    '`err` of an attempt that had no usable answer.',
    table(
      ['Code', 'Meaning'],
      [...unionMembers('src/platform/outbound/push-answer.ts', 'NetworkCode', PLAIN_NETWORK_CODES)].map(
        ([name, doc]) => [code(name), sentence(doc)],
      ),
    ),
    '## Reasons of our own',
    '`reason` of a SET that ended without an answer, or `err` of such an attempt.',
    table(['Reason', 'Meaning'], ownReasons()),
  );
}

function noSetReasons(): string[][] {
  const docs = arrayElements('src/signals/signal.ts', 'NO_SET_REASONS');
  return NO_SET_REASONS.map((reason) => [code(reason), sentence(docs.get(reason) ?? '')]);
}

function ownReasons(): string[][] {
  return OWN_REASONS.map(([reason, file, meaning]) => {
    if (!textOf(file).includes(`'${reason}'`)) throw new Error(`${file} does not write ${reason} any more`);
    return [code(reason), meaning];
  });
}

function outcomeOf(answer: PushAnswer): string[] {
  const result = classifyPushResponse(answer);
  switch (result.outcome) {
    case 'delivered':
      return [
        'delivered',
        result.nonConformant ? 'The log line has `nonConformant`: RFC 8935 asks for 202.' : '',
      ];
    case 'rejected':
      return ['rejected', 'This SET is not sent again; the next one follows.'];
    case 'retry':
      return ['retry', `The stream backs off (${result.pace}); the SET stays in the queue.`];
  }
}

function response(status: number, err?: string): PushAnswer {
  return { kind: 'response', status, ...(err !== undefined && { body: JSON.stringify({ err }) }) };
}

function backOffSteps(pace: 'quick' | 'slow'): string {
  const steps = new Set<number>();
  // a random number of 0.5 is no jitter
  for (let failures = 1; failures <= 10; failures++)
    steps.add(retryDelaySeconds({ failures, pace, random: 0.5 }));
  return [...steps].map((seconds) => (seconds < 60 ? `${seconds} s` : `${seconds / 60} min`)).join(', ');
}
