import { createParamDecorator, type ExecutionContext, HttpStatus } from '@nestjs/common';
import {
  entityTag,
  type IfMatch,
  isKnownTag,
  parseIfMatch,
  type Versioned,
} from '../../platform/http/entity-tag.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';

/** What Express' and Fastify's responses have in common. */
interface AnyResponse {
  header(name: string, value: string): unknown;
  status(code: number): unknown;
}

/** Gives the answer the ETag of its row. */
export interface Tagging {
  /** The answer is the row: whoever has it already is told so (304). */
  whole<Row extends Versioned>(row: Row): Row;
  /** The answer tells more than the row, such as how a queue fares: it is given whatever the caller has. */
  part<Row extends Versioned>(row: Row): Row;
}

/** RFC 9110 section 8.8.3. */
export const Tag = createParamDecorator((_: undefined, context: ExecutionContext): Tagging => {
  const http = context.switchToHttp();
  const request = http.getRequest<AnyRequest>();
  const response = http.getResponse<AnyResponse>();
  const part = <Row extends Versioned>(row: Row): Row => {
    // Express answers 304 by itself when this is the ETag
    delete request.headers['if-none-match'];
    response.header('ETag', entityTag(row));
    return row;
  };
  return {
    part,
    whole: (row) => {
      const known = headerOf(request, 'if-none-match');
      if (request.method !== 'PATCH' && isKnownTag(known, entityTag(row)))
        response.status(HttpStatus.NOT_MODIFIED);
      return part(row);
    },
  };
});

/** Which versions a change was made for (RFC 9110 section 13.1.1); undefined: whatever there is. */
export const IfMatchTags = createParamDecorator(
  (_: undefined, context: ExecutionContext): IfMatch | undefined =>
    parseIfMatch(headerOf(context.switchToHttp().getRequest<AnyRequest>(), 'if-match')),
);
