import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { classifyPushResponse } from '../../core/delivery/classify-push-response.js';
import { SET_REF } from '../shared-schemas.js';
import { type SET_ERROR_CODES, SetErrorDto } from './receiver.dto.js';
import { SET } from './receiver-examples.js';

// The push of a SET (RFC 8935), which receivers answer. What the transmitter makes of an answer is asked of the very
// function that judges answers.

type Webhooks = NonNullable<OpenAPIObject['webhooks']>;
type Responses = NonNullable<Webhooks[string]['post']>['responses'];

/** The security scheme of `authorization_header`. */
export const PUSH_AUTHORIZATION = {
  pushAuthorization: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      '`delivery.authorization_header` of the stream, verbatim; no such header when there is none.',
  },
} as const;

const ERROR = { schema: { $ref: getSchemaPath(SetErrorDto) } };

/** RFC 8935 section 2.4 and SSF 1.0 section 11: the codes, and when they are right. */
const SET_ERRORS: Readonly<Record<(typeof SET_ERROR_CODES)[number], string>> = {
  invalid_request: 'It is no SET, or lacks what a SET must have.',
  invalid_issuer: 'The issuer is another than that of the stream.',
  invalid_audience: 'It is for somebody else.',
  invalid_state: 'The `state` of a verification event is not the one that was sent.',
  invalid_key: 'The signature is wrong, or the key is not in the JWK Set.',
  authentication_failed: 'The `Authorization` is wrong.',
  access_denied: 'The `Authorization` does not allow it.',
};

const REFUSED: Readonly<Record<number, string>> = {
  401: 'The `Authorization` is missing or wrong.',
  403: 'The `Authorization` does not allow it.',
  404: 'Nothing is there. To end the stream, delete it.',
  410: 'Nothing is there any more. To end the stream, delete it.',
  413: 'The SET is larger than the receiver takes.',
};

const BUSY: Readonly<Record<number, string>> = { 429: 'Too many requests.', 503: 'It cannot be taken now.' };

/** The `webhooks` of the receiver API. */
export const PUSH_WEBHOOKS: Webhooks = {
  pushSet: {
    post: {
      operationId: 'pushSet',
      tags: ['Push delivery'],
      summary: 'A SET is pushed to the receiver',
      description:
        'RFC 8935, to `delivery.endpoint_url` of the stream. Answer within ten seconds (unless the operator set another time), once the SET is stored. SETs about one subject come in order; the same one may come again.',
      security: [{ pushAuthorization: [] }, {}],
      requestBody: {
        required: true,
        content: {
          'application/secevent+jwt': {
            schema: SET_REF,
            examples: { set: { summary: 'a SET', value: SET } },
          },
        },
      },
      responses: {
        202: { description: `It was received. ${consequence(202)}` },
        '2XX': { description: `${consequence(200)} RFC 8935 asks for 202, and the log says so.` },
        400: {
          description: `It is refused (RFC 8935 section 2.3), for the reason that \`err\` gives. Without one: ${consequence(400)}`,
          content: { 'application/json': { ...ERROR, examples: setErrorExamples() } },
        },
        ...responsesOf(REFUSED, (status, meaning) => ({ description: `${meaning} ${consequence(status)}` })),
        ...responsesOf(BUSY, (status, meaning) => ({
          description: `${meaning} ${consequence(status)} A longer \`Retry-After\` is heeded, up to an hour.`,
          headers: {
            'Retry-After': {
              description: 'Seconds, or a date (RFC 9110 section 10.2.3)',
              schema: { type: 'string' },
            },
          },
        })),
        '3XX': { description: `Redirects are not followed. ${consequence(302)}` },
        '4XX': { description: `Any other but 408 and 425, which are as 429. ${consequence(418)}` },
        '5XX': { description: `Something broke. ${consequence(500)} The same without an answer.` },
      },
    },
  },
};

function setErrorExamples(): Record<string, { summary: string; description: string; value: object }> {
  const examples = Object.entries(SET_ERRORS).map(([err, meaning]) => {
    const value = { err, description: meaning.replaceAll('`', '') };
    return [err, { summary: meaning, description: consequence(400, JSON.stringify(value)), value }] as const;
  });
  return Object.fromEntries(examples);
}

function responsesOf(
  meanings: Readonly<Record<number, string>>,
  toResponse: (status: number, meaning: string) => NonNullable<Responses[string]>,
): Responses {
  return Object.fromEntries(
    Object.entries(meanings).map(([status, meaning]) => [status, toResponse(Number(status), meaning)]),
  );
}

function consequence(status: number, body?: string): string {
  const outcome = classifyPushResponse({ kind: 'response', status, body });
  switch (outcome.outcome) {
    case 'delivered':
      return 'The next SET follows.';
    case 'rejected':
      return 'This SET is not sent again; the next one follows.';
    case 'retry':
      return `The stream backs off from ${outcome.pace === 'slow' ? 'a minute' : 'five seconds'}; this SET is kept and sent again.`;
  }
}
