import { createHash } from 'node:crypto';
import { HttpStatus } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { JWKS_MAX_AGE_SECONDS } from '../../core/keys/key-ring.js';
import { isKnownTag } from './entity-tag.js';
import { type AnyRequest, headerOf } from './request-facts.js';

/**
 * Answers a public JSON document with an ETag, for caches (RFC 9110 section 8.8.3) and for browsers of any origin.
 * A new key is not used before everybody can have picked it up (core/keys/key-ring.ts).
 */
export function replyPublicDocument(
  adapter: AbstractHttpAdapter,
  request: AnyRequest,
  response: unknown,
  document: object,
  contentType = 'application/json; charset=utf-8',
): void {
  const body = JSON.stringify(document);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  adapter.setHeader(response, 'Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`);
  adapter.setHeader(response, 'ETag', etag);
  adapter.setHeader(response, 'Access-Control-Allow-Origin', '*');
  if (isKnownTag(headerOf(request, 'if-none-match'), etag)) {
    adapter.reply(response, '', HttpStatus.NOT_MODIFIED);
    return;
  }
  adapter.setHeader(response, 'Content-Type', contentType);
  adapter.reply(response, body, HttpStatus.OK);
}
