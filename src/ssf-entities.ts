import { AdminToken } from './administrators/admin-token.entity.js';
import { Application } from './applications/application.entity.js';
import { ApplicationToken } from './applications/application-token.entity.js';
import { Recovery } from './delivery/recovery.entity.js';
import { OAuthClient } from './applications/oauth-client.entity.js';
import { Provider } from './providers/provider.entity.js';
import { SignalSource } from './signals/sources/signal-source.entity.js';
import { SigningKey } from './signing-keys/signing-key.entity.js';
import { Stream } from './streams/stream.entity.js';

/** For a host whose data source has no `autoLoadEntities`: `entities: [...mine, ...SSF_ENTITIES]`. */
export const SSF_ENTITIES = [
  Provider,
  SigningKey,
  Application,
  ApplicationToken,
  OAuthClient,
  Stream,
  Recovery,
  SignalSource,
  AdminToken,
] as const;
