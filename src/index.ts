export { SsfModule, type SsfAsyncOptions } from './ssf.module.js';
export { SSF_ENTITIES } from './ssf-entities.js';
export type { SsfOptions } from './platform/config/ssf-options.js';
export type { AdminOidcOptions } from './platform/config/admin-oidc.js';
export type { AdminRole } from './core/admin-role.js';
export type {
  AccessQuestion,
  AdminAuthenticator,
  AdminPrincipal,
  AuthenticationRequest,
  CanReceive,
  HostEmitter,
  HostEvents,
  KeyVault,
  ReceiverAuthenticator,
  ReceiverPrincipal,
  ReceiverRequest,
  VaultKey,
} from './platform/config/ports.js';
export type { SignerOptions } from './platform/config/signer-settings.js';
export { runSsfMigrations } from './platform/database/run-migrations.js';
export { ssfMigrations } from './platform/database/migrations/ssf-migrations.js';
export { SsfEventBus } from './platform/events/ssf-event-bus.js';
export type { SsfEventMap, SsfEventName } from './platform/events/ssf-event-map.js';
export { SsfHealth, type Health } from './platform/health/ssf-health.js';
export { SsfMetrics } from './platform/telemetry/metrics.js';
export { useRawBodies } from './platform/http/raw-bodies.js';
export { SsfError, type Problem, type SsfErrorCode } from './core/errors.js';
export { SignalsService, type RecordOptions } from './signals/signals.service.js';
export type { SignalInput } from './signals/signal-input.js';
export type { RecordedSignal } from './signals/signal.js';
export type { CustomEventType } from './core/events/custom-event-types.js';
export type { SignalType } from './core/events/signal-types.js';
export type { SignalSubject } from './core/subjects/signal-subject.js';
export type { SubjectIdentifier } from './core/subjects/subject-identifier.js';
export { setupSsfDocs } from './http/ssf-docs.js';
