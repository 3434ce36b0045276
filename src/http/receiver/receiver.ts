import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiOAuth2 } from '@nestjs/swagger';
import { SsfError } from '../../core/errors.js';
import type { Application } from '../../applications/application.entity.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import type { Provider } from '../../providers/provider.entity.js';

/** The authenticated receiver of a request. */
export interface ReceiverContext {
  readonly provider: Provider;
  readonly application: Application;
}

export type ReceiverScope = 'ssf.read' | 'ssf.manage' | 'ssf.manage.poll';

export const REQUIRED_SCOPE = 'ssf:required-scope';

/** CAEP Interoperability Profile section 2.7.2: the scope that an endpoint asks for. `ssf.manage` implies `ssf.read`. */
export const RequireScope = (scope: ReceiverScope): MethodDecorator =>
  applyDecorators(
    SetMetadata(REQUIRED_SCOPE, scope),
    // the authorization server has no scope for polling alone
    ApiOAuth2([scope === 'ssf.manage.poll' ? 'ssf.read' : scope], 'oauth'),
  );

const receivers = new WeakMap<AnyRequest, ReceiverContext>();

export function setReceiver(request: AnyRequest, receiver: ReceiverContext): void {
  receivers.set(request, receiver);
}

/** The receiver that the guard admitted. */
export const Receiver = createParamDecorator((_: undefined, context: ExecutionContext): ReceiverContext => {
  const receiver = receivers.get(context.switchToHttp().getRequest<AnyRequest>());
  if (!receiver) throw new SsfError('internal', 'the route has no receiver guard');
  return receiver;
});
