import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { assertNever } from '../../core/assert-never.js';
import { SsfError } from '../../core/errors.js';
import type { Actor } from '../../audit/actor.js';
import type { Application } from '../../applications/application.entity.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import type { Provider } from '../../providers/provider.entity.js';

/** The authenticated receiver of a request. */
export interface ReceiverContext {
  readonly provider: Provider;
  readonly application: Application;
  /** the same for the audit log */
  readonly actor: Actor;
}

export type ReceiverScope = 'ssf.read' | 'ssf.manage' | 'ssf.manage.poll';

export const REQUIRED_SCOPE = 'ssf:required-scope';

/** CAEP Interoperability Profile section 2.7.2: the scope that an endpoint asks for. `ssf.manage` implies `ssf.read`. */
export const RequireScope = (scope: ReceiverScope): MethodDecorator => SetMetadata(REQUIRED_SCOPE, scope);

/** The scopes each of which is enough: `ssf.manage` implies all, and who may read may poll. */
export function sufficientScopes(scope: ReceiverScope): readonly [ReceiverScope, ...ReceiverScope[]] {
  switch (scope) {
    case 'ssf.manage':
      return ['ssf.manage'];
    case 'ssf.read':
      return ['ssf.read', 'ssf.manage'];
    case 'ssf.manage.poll':
      return ['ssf.manage.poll', 'ssf.read', 'ssf.manage'];
    default:
      return assertNever(scope);
  }
}

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
