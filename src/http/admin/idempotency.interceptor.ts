import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { defer, from, lastValueFrom, type Observable } from 'rxjs';
import { invalidRequest } from '../../core/errors.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import { administratorOf } from './administrator.js';
import { sourceOf } from './recorder.guard.js';
import { IdempotencyKeysService } from './idempotency-keys.service.js';

/** `Idempotency-Key`: a request that is repeated because its answer was lost changes nothing twice. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly keys: IdempotencyKeysService) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AnyRequest>();
    const key = headerOf(request, 'idempotency-key');
    if (key === undefined) return next.handle();
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw invalidRequest({
        member: 'Idempotency-Key',
        message: 'must be 1 to 255 printable characters without spaces',
      });
    return defer(() => from(this.once(key, request, next)));
  }

  private async once(key: string, request: AnyRequest, next: CallHandler): Promise<unknown> {
    const kept = await this.keys.claim(key, fingerprint(request));
    if (kept) return kept.answer;
    let answer: unknown;
    try {
      answer = await lastValueFrom<unknown>(next.handle());
    } catch (error) {
      await this.keys.release(key);
      throw error;
    }
    await this.keys.keep(key, answer);
    return answer;
  }
}

function fingerprint(request: AnyRequest): Buffer {
  const { method, originalUrl, body, headers } = request;
  // a CloudEvent in binary mode says in headers what it is
  const said = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
  const bytes = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body ?? null);
  const hash = createHash('sha256').update(`${method} ${originalUrl}\n`);
  // nobody has a part in the answers to others, which may hold a token
  hash.update(`${sourceOf(request)?.id ?? administratorOf(request)?.id}\n`);
  if (said.length > 0) hash.update(`${JSON.stringify(said.toSorted())}\n`);
  return hash.update(bytes).digest();
}
