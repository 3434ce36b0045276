import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiOAuth2,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  getSchemaPath,
} from '@nestjs/swagger';
import { MAX_BODY_BYTES } from '../../platform/http/json-body.js';
import { RequireScope, type ReceiverScope, sufficientScopes } from './receiver.js';
import { ReceiverErrorDto } from './receiver.dto.js';

// How the operations of the receiver API are described. The examples of errors are what the code answers, word for
// word: test/e2e/openapi.spec.ts makes it give each of them.

type Dto = new () => object;

/** Bodies by what they show. */
export type Examples = Readonly<Record<string, object>>;

export interface OperationDescription {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** absent: nobody has to authenticate */
  readonly scope?: ReceiverScope;
  /** whether `stream_id` stands in the query */
  readonly streamInQuery?: 'required' | 'optional';
  readonly request?: { readonly type: Dto; readonly examples: Examples };
  readonly answer: OperationAnswer;
  /** those of its own: what authentication and the reading of bodies answer is added */
  readonly errors?: OperationErrors;
}

export interface OperationAnswer {
  readonly status: number;
  readonly description: string;
  /** absent: the answer has no body */
  readonly type?: Dto;
  /** one of it, or an array of several */
  readonly orArray?: boolean;
  readonly examples?: Examples;
  /** a public document, which caches may keep */
  readonly isDocument?: boolean;
}

/** What `description` of the answer says, or the whole of an answer with another code than its status has. */
type ErrorExample = string | { readonly err: string; readonly description: string };

export type OperationErrors = Partial<Record<ErrorStatus, readonly ErrorExample[]>>;

const STRING = { type: 'string' } as const;

const NO_STORE = { 'Cache-Control': { required: true, schema: { ...STRING, const: 'no-store' } } };

const DOCUMENT_HEADERS = {
  'Cache-Control': { required: true, schema: { ...STRING, const: 'public, max-age=300' } },
  ETag: {
    required: true,
    description: 'RFC 9110 section 8.8.3',
    schema: { ...STRING, pattern: '^"[\\w-]+"$' },
  },
  'Access-Control-Allow-Origin': {
    required: true,
    description: 'Browsers of any origin may read it.',
    schema: { ...STRING, const: '*' },
  },
};

const CHALLENGE = {
  description:
    'RFC 6750 section 3: `error` unless no token was presented, and the `scope` that would have been enough. RFC 9728 section 5.1: `resource_metadata` leads to an authorization server.',
  schema: {
    ...STRING,
    pattern: '^Bearer realm="ssf"',
    examples: [
      'Bearer realm="ssf", error="insufficient_scope", scope="ssf.manage", resource_metadata="https://idp.example/.well-known/oauth-protected-resource/ssf/acme"',
    ],
  },
};

const RETRY_AFTER = {
  'Retry-After': { required: true, description: 'Seconds', schema: { ...STRING, pattern: '^[1-9]\\d*$' } },
};

const ERRORS = {
  400: { err: 'invalid_request', description: 'The request is wrong; `description` names the member.' },
  401: {
    err: 'invalid_token',
    description: 'There is no token, or it is not valid.',
    headers: { 'WWW-Authenticate': { ...CHALLENGE, required: true } },
  },
  403: {
    err: 'forbidden',
    description: 'The token lacks the scope, or this may not be done.',
    headers: { 'WWW-Authenticate': CHALLENGE },
  },
  404: { err: 'not_found', description: 'It does not exist, or not for this receiver.' },
  409: { err: 'conflict', description: 'The present state does not allow it.' },
  413: { err: 'payload_too_large', description: 'The body is too large.' },
  429: { err: 'too_many_requests', description: 'Too often.', headers: RETRY_AFTER },
  503: {
    err: 'unavailable',
    description: "The keys of the token's issuer cannot be fetched. Try again later.",
  },
} as const;

type ErrorStatus = keyof typeof ERRORS;

/** What an operation of the receiver API takes and answers; it asks for the scope, too. */
export function ReceiverOperation(operation: OperationDescription): MethodDecorator {
  const { operationId, summary, description, scope, streamInQuery, request, answer } = operation;
  return applyDecorators(
    ApiOperation({ operationId, summary, ...(description !== undefined && { description }) }),
    ...(scope ? [RequireScope(scope), ...securityOf(scope)] : [ApiSecurity({})]),
    ...(streamInQuery ? [streamQuery(streamInQuery === 'required')] : []),
    ...(request ? [requestBody(request)] : []),
    ...success(answer),
    ...Object.entries(errorsOf(operation)).map(([status, examples]) =>
      errorResponse(Number(status), examples),
    ),
    ApiExtraModels(ReceiverErrorDto),
    ApiResponse({
      status: 'default',
      description: 'Anything else: 500 (`internal`) is a defect, and the log has the details.',
      content: { 'application/json': { schema: { $ref: getSchemaPath(ReceiverErrorDto) } } },
    }),
  );
}

/** The path has the slug of a provider. */
export function ProviderPath(): ClassDecorator & MethodDecorator {
  return ApiParam({
    name: 'slug',
    description: 'Of the provider. Receivers take whole URLs from the metadata and build none.',
    schema: { ...STRING, examples: ['acme'] },
  });
}

function securityOf(scope: ReceiverScope): MethodDecorator[] {
  return [
    ...sufficientScopes(scope).map((each) => ApiSecurity('receiver', [each])),
    // the authorization server has no scope for polling alone
    ApiOAuth2([scope === 'ssf.manage.poll' ? 'ssf.read' : scope], 'oauth'),
  ];
}

function streamQuery(required: boolean): MethodDecorator {
  return ApiQuery({ name: 'stream_id', required, schema: { ...STRING, format: 'uuid' } });
}

function requestBody({ type, examples }: { type: Dto; examples: Examples }): MethodDecorator {
  const schema = { $ref: getSchemaPath(type) };
  return applyDecorators(
    ApiExtraModels(type),
    ApiBody({ required: true, schema, examples: named(examples) }),
  );
}

function success({
  status,
  description,
  type,
  orArray,
  examples,
  isDocument,
}: OperationAnswer): MethodDecorator[] {
  const headers = isDocument ? DOCUMENT_HEADERS : NO_STORE;
  if (!type) return [ApiResponse({ status, description, headers })];
  const one = { $ref: getSchemaPath(type) };
  const schema = orArray ? { oneOf: [one, { type: 'array', items: one }] } : one;
  return [
    ApiExtraModels(type),
    ApiResponse({
      status,
      description,
      headers,
      content: { 'application/json': { schema, examples: named(examples ?? {}) } },
    }),
    ...(isDocument
      ? [ApiResponse({ status: 304, description: 'It is what `If-None-Match` names.', headers })]
      : []),
  ];
}

function errorsOf({ scope, request, errors = {} }: OperationDescription): OperationErrors {
  const all: OperationErrors[] = [
    ...(scope ? [authenticationErrors(scope)] : []),
    ...(request ? [BODY_ERRORS] : []),
    errors,
  ];
  return all.reduce<OperationErrors>((merged, each) => {
    const statuses = Object.keys(each).map(Number) as ErrorStatus[];
    const added = statuses.map(
      (status) => [status, [...(merged[status] ?? []), ...(each[status] ?? [])]] as const,
    );
    return { ...merged, ...Object.fromEntries(added) };
  }, {});
}

function authenticationErrors(scope: ReceiverScope): OperationErrors {
  return {
    400: ['a token in the query is not accepted; send it in the header alone'],
    401: [
      { err: 'missing_token', description: 'a bearer token is needed in the Authorization header' },
      'the token is unknown, expired or revoked',
    ],
    403: [{ err: 'insufficient_scope', description: `the scope ${scope} is needed` }],
    404: ['there is nothing here for this receiver'],
    503: ["the token's issuer cannot be asked at the moment"],
  };
}

const BODY_ERRORS: OperationErrors = {
  400: [
    'the body is not valid JSON',
    'the body must be a JSON object',
    'the Content-Type must be application/json',
  ],
  // one is of a host's parser, the other of our own
  413: ['the body is too large', `the body is larger than ${MAX_BODY_BYTES} bytes`],
};

function errorResponse(status: number, examples: readonly ErrorExample[]): MethodDecorator {
  const kind: { err: string; description: string; headers?: object } = ERRORS[status as ErrorStatus];
  const bodies = examples.map((each) =>
    typeof each === 'string' ? { err: kind.err, description: each } : each,
  );
  return ApiResponse({
    status,
    description: kind.description,
    headers: { ...NO_STORE, ...kind.headers },
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ReceiverErrorDto) },
        examples: named(Object.fromEntries(bodies.map((body) => [body.description, body]))),
      },
    },
  });
}

function named(examples: Examples): Record<string, { summary: string; value: object }> {
  const keyOf = (summary: string): string => summary.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 60);
  return Object.fromEntries(
    Object.entries(examples).map(([summary, value]) => [keyOf(summary), { summary, value }]),
  );
}
