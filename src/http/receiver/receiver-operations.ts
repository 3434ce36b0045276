import * as examples from './receiver-examples.js';
import type { OperationDescription } from './receiver-api.decorators.js';
import { JwkSetDto, ProtectedResourceDto, TransmitterMetadataDto } from './discovery.dto.js';
import {
  AddSubjectDto,
  CreateStreamDto,
  PollAnswerDto,
  PollRequestDto,
  StreamConfigurationDto,
  StreamStatusDto,
  SubjectDto,
  UpdateStatusDto,
  UpdateStreamDto,
  VerifyDto,
} from './receiver.dto.js';

// One description per operation; the controllers name them.

const NO_STREAM = 'there is no such stream';
const NO_PROVIDER = 'no issuer has its metadata here';
const QUERY_ERRORS = ['stream_id: is required in the query', 'stream_id: must be given once'];
const BODY_ID = 'stream_id: must be a string';
const DELIVERY_ERRORS = [
  'delivery.method: must be urn:ietf:rfc:8935 (push) or urn:ietf:rfc:8936 (poll)',
  'delivery.endpoint_url: must be an absolute URL',
  'delivery.endpoint_url: the host is, or resolves to, an address that is not allowed (loopback, private or reserved)',
];

const METADATA_ANSWER = {
  status: 200,
  description: 'The Transmitter Configuration Metadata (SSF 1.0 section 7.1)',
  type: TransmitterMetadataDto,
  examples: { 'a provider': examples.METADATA },
  isDocument: true,
} as const;

export const DISCOVER_ROOT_ISSUER: OperationDescription = {
  operationId: 'discoverRootIssuer',
  summary: 'Transmitter metadata of an issuer without a path',
  answer: METADATA_ANSWER,
  errors: { 404: [NO_PROVIDER] },
};

export const DISCOVER_ISSUER: OperationDescription = {
  operationId: 'discoverIssuer',
  summary: 'Transmitter metadata of a provider',
  description:
    'SSF 1.0 section 7.2: the well-known path stands between the host and the path of the issuer. Check that `issuer` is the one you asked for.',
  answer: METADATA_ANSWER,
  errors: { 404: [NO_PROVIDER] },
};

export const DISCOVER_ISSUER_AT_PATH: OperationDescription = {
  operationId: 'discoverIssuerAtPath',
  summary: 'Transmitter metadata of an issuer with a path of its own',
  description: 'The path of the issuer may have up to eight segments, which follow as they are.',
  answer: METADATA_ANSWER,
  errors: { 404: [NO_PROVIDER] },
};

export const READ_PROTECTED_RESOURCE: OperationDescription = {
  operationId: 'readProtectedResource',
  summary: 'Where a token for the receiver API comes from',
  description: 'RFC 9728. `WWW-Authenticate` of a 401 or 403 has its URL as `resource_metadata`.',
  answer: {
    status: 200,
    description: 'The Protected Resource Metadata (RFC 9728 section 2)',
    type: ProtectedResourceDto,
    examples: { 'a provider': examples.PROTECTED_RESOURCE },
    isDocument: true,
  },
  errors: { 404: [NO_PROVIDER] },
};

export const READ_JWKS: OperationDescription = {
  operationId: 'readJwks',
  summary: 'Keys that the SETs of a provider are verified with',
  answer: {
    status: 200,
    description: 'A JWK Set (RFC 7517 section 5)',
    type: JwkSetDto,
    examples: { 'one key': examples.JWK_SET },
    isDocument: true,
  },
  errors: { 404: ['there is no such provider'] },
};

export const CREATE_STREAM: OperationDescription = {
  operationId: 'createStream',
  summary: 'Create a stream',
  description:
    'SSF 1.0 section 8.1.1.1. Members that the transmitter supplies are ignored; `aud` counts if it is among the audiences of the application.',
  scope: 'ssf.manage',
  request: { type: CreateStreamDto, examples: examples.CREATE },
  answer: {
    status: 201,
    description:
      'The stream, which is enabled. About a second later a push stream gets a verification event.',
    type: StreamConfigurationDto,
    examples: { push: examples.PUSH_STREAM, poll: examples.POLL_STREAM },
  },
  errors: {
    400: [...DELIVERY_ERRORS, 'events_requested: must be an array of URIs'],
    409: ['this receiver already has its 20 streams'],
  },
};

export const READ_STREAMS: OperationDescription = {
  operationId: 'readStreams',
  summary: 'Read one stream, or all of them',
  description: 'SSF 1.0 section 8.1.1.2.',
  scope: 'ssf.read',
  streamInQuery: 'optional',
  answer: {
    status: 200,
    description: 'With `stream_id` one stream, without it an array of all, oldest first.',
    type: StreamConfigurationDto,
    orArray: true,
    examples: {
      'with stream_id': examples.PUSH_STREAM,
      without: [examples.PUSH_STREAM],
      'without, when there is none': [],
    },
  },
  errors: { 400: ['stream_id: must be given once'], 404: [NO_STREAM] },
};

const CHANGED = {
  status: 200,
  description: 'The whole configuration, as it is now',
  type: StreamConfigurationDto,
  examples: { push: examples.PUSH_STREAM, poll: examples.POLL_STREAM },
} as const;

const CHANGE_ERRORS = {
  400: [BODY_ID, ...DELIVERY_ERRORS, 'aud: is supplied by the transmitter and has another value'],
  404: [NO_STREAM],
  409: ['the stream was changed by another request meanwhile; try again'],
};

export const UPDATE_STREAM: OperationDescription = {
  operationId: 'updateStream',
  summary: 'Change a stream',
  description:
    'SSF 1.0 section 8.1.1.3: what is absent stays as it is. Members that the transmitter supplies may be there with the value that they have.',
  scope: 'ssf.manage',
  request: { type: UpdateStreamDto, examples: examples.CHANGES },
  answer: CHANGED,
  errors: CHANGE_ERRORS,
};

export const REPLACE_STREAM: OperationDescription = {
  operationId: 'replaceStream',
  summary: 'Replace a stream',
  description:
    'SSF 1.0 section 8.1.1.4: what is absent is deleted; without `delivery` it becomes a poll stream. The `authorization_header` stays while `endpoint_url` does.',
  scope: 'ssf.manage',
  request: { type: UpdateStreamDto, examples: examples.REPLACEMENTS },
  answer: CHANGED,
  errors: CHANGE_ERRORS,
};

export const DELETE_STREAM: OperationDescription = {
  operationId: 'deleteStream',
  summary: 'Delete a stream',
  description: 'SSF 1.0 section 8.1.1.5. What waits is dropped; a long poll is answered.',
  scope: 'ssf.manage',
  streamInQuery: 'required',
  answer: { status: 204, description: 'It is gone.' },
  errors: { 400: QUERY_ERRORS, 404: [NO_STREAM] },
};

export const READ_STATUS: OperationDescription = {
  operationId: 'readStatus',
  summary: 'Read the status of a stream',
  description: 'SSF 1.0 section 8.1.2.1.',
  scope: 'ssf.read',
  streamInQuery: 'required',
  answer: {
    status: 200,
    description: 'The status, and the reason if one was given',
    type: StreamStatusDto,
    examples: { enabled: examples.STATUS, paused: examples.PAUSED },
  },
  errors: { 400: QUERY_ERRORS, 404: [NO_STREAM] },
};

export const UPDATE_STATUS: OperationDescription = {
  operationId: 'updateStatus',
  summary: 'Enable, pause or disable a stream',
  description:
    'SSF 1.0 section 8.1.2.2. A paused stream holds its SETs, for as long as the provider keeps them (30 days unless set otherwise); a disabled one drops them.',
  scope: 'ssf.manage',
  request: { type: UpdateStatusDto, examples: { pause: examples.PAUSED, enable: examples.STATUS } },
  answer: {
    status: 200,
    description: 'The status, as it is now',
    type: StreamStatusDto,
    examples: { paused: examples.PAUSED, enabled: examples.STATUS },
  },
  errors: {
    400: [BODY_ID, 'status: must be one of enabled, paused, disabled'],
    403: ['an administrator set the status of this stream, and only one can change it'],
    404: [NO_STREAM],
  },
};

const SUBJECT_ERRORS = {
  400: [
    BODY_ID,
    'subject: must be a Subject Identifier: a JSON object with a format',
    'subject.email: must be an e-mail address without a display name, such as ana@example.com',
  ],
  404: [NO_STREAM],
  429: ['the next request is possible in 5 s'],
};

export const ADD_SUBJECT: OperationDescription = {
  operationId: 'addSubject',
  summary: 'Add a subject to a stream',
  description:
    'SSF 1.0 section 8.1.3.2. The answer is the same whether anybody knows the subject or not (section 9.1).',
  scope: 'ssf.manage',
  request: { type: AddSubjectDto, examples: examples.ADDED_SUBJECTS },
  answer: { status: 200, description: 'Noted.' },
  errors: SUBJECT_ERRORS,
};

export const REMOVE_SUBJECT: OperationDescription = {
  operationId: 'removeSubject',
  summary: 'Remove a subject from a stream',
  description:
    'SSF 1.0 section 8.1.3.3. The answer is the same whether anybody knows the subject or not (section 9.1).',
  scope: 'ssf.manage',
  request: { type: SubjectDto, examples: examples.SUBJECTS },
  answer: { status: 204, description: 'Noted.' },
  errors: { ...SUBJECT_ERRORS, 403: ['the subject of the stream itself cannot be removed'] },
};

export const VERIFY_STREAM: OperationDescription = {
  operationId: 'verifyStream',
  summary: 'Ask for a verification event',
  description:
    'SSF 1.0 section 8.1.4.2. Possible again after `min_verification_interval` seconds. A paused stream holds the event, a disabled one drops it.',
  scope: 'ssf.manage',
  request: { type: VerifyDto, examples: examples.VERIFICATIONS },
  answer: { status: 204, description: 'The event will be sent, within seconds; it was not yet.' },
  errors: {
    400: [BODY_ID, 'state: must be a string of at most 4096 characters'],
    404: [NO_STREAM],
    429: ['the next request is possible in 10 s'],
  },
};

export const POLL_STREAM: OperationDescription = {
  operationId: 'poll',
  summary: 'Acknowledge, refuse and fetch SETs',
  description:
    'RFC 8936. What the request says of earlier SETs is done first. SETs that were handed out are hidden for 30 seconds and come again until they are acknowledged or refused. Other methods are answered with 405 and `Allow: POST`.',
  scope: 'ssf.manage.poll',
  request: { type: PollRequestDto, examples: examples.POLLS },
  answer: {
    status: 200,
    description: 'SETs by their `jti`, oldest first; none when none came in time.',
    type: PollAnswerDto,
    examples: examples.POLL_ANSWERS,
  },
  errors: {
    400: [
      'maxEvents: must be a non-negative integer',
      'ack: must be an array of strings',
      'setErrs: must be an object',
    ],
    404: [NO_STREAM],
  },
};
