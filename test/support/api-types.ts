// The APIs' bodies as a client sees them, written down apart from the code under test.

export interface Page<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: { readonly member: string; readonly message: string }[];
  readonly deletion?: DeletionCounts;
}

export interface DeletionCounts {
  readonly applications: number;
  readonly streams: number;
  readonly pendingSets: number;
  readonly waitingSignals: number;
}

export interface Provider {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly issuer: string;
  readonly configurationUrl: string;
  readonly jwksUri: string;
  readonly signingAlgorithm: string;
  readonly keyRotationDays: number | null;
}

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly status: 'next' | 'active' | 'retiring' | 'retired';
  readonly activatesAt: string | null;
  readonly retiresAt: string | null;
  readonly publicJwk: Record<string, unknown>;
  readonly location: 'local' | 'remote';
  readonly remoteKeyId: string | null;
}

export interface Application {
  readonly id: string;
  readonly providerId: string;
  readonly slug: string;
  readonly name: string;
  readonly audience: string[];
}

export interface StreamHealth {
  readonly pendingCount: number;
  readonly oldestPendingAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly lastFailureAt: string | null;
  readonly lastError: string | null;
  readonly consecutiveFailures: number;
  readonly retryAt: string | null;
  readonly failingSince: string | null;
}

export interface AdminStream {
  readonly id: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly statusLocked: boolean;
  readonly deliveryMethod: string;
  readonly endpointUrl: string | null;
  readonly managedBy: string;
  readonly health: StreamHealth;
}

export interface RecordedSignal {
  readonly id: string;
  readonly status: 'accepted' | 'duplicate';
}

export interface SignalOutcome {
  readonly streamId: string;
  readonly eventType?: string;
  readonly jti?: string;
  readonly reason?: string;
}

export interface StoredSignal {
  readonly id: string;
  readonly externalId: string | null;
  readonly type: string;
  readonly txn: string;
  readonly fannedOutAt: string | null;
  readonly purgedAt: string | null;
  readonly outcomes: SignalOutcome[];
}

export interface Attempt {
  readonly attempt: number;
  readonly at: string;
  readonly method: string;
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly err: string | null;
  readonly description: string | null;
  readonly durationMs: number | null;
}

export interface SetSummary {
  readonly jti: string;
  readonly streamId: string;
  readonly signalId: string | null;
  readonly eventType: string;
  readonly txn: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly purgedAt: string | null;
  readonly expiresAt: string | null;
}

export interface SetRecord extends SetSummary {
  readonly claims: SetClaims;
  readonly signed: string | null;
  readonly attempts: Attempt[];
}

export interface SetClaims {
  readonly iss: string;
  readonly jti: string;
  readonly iat: number;
  readonly aud: string | string[];
  readonly txn?: string;
  readonly sub_id: Record<string, unknown>;
  readonly events: Record<string, Record<string, unknown>>;
}

export interface StreamConfiguration {
  readonly stream_id: string;
  readonly iss: string;
  readonly aud: string | string[];
  readonly delivery: { readonly method: string; readonly endpoint_url: string };
  readonly events_supported: string[];
  readonly events_requested?: string[];
  readonly events_delivered: string[];
  readonly min_verification_interval: number;
  readonly inactivity_timeout?: number;
  readonly description?: string;
}

export interface Metadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly configuration_endpoint: string;
  readonly status_endpoint: string;
  readonly add_subject_endpoint: string;
  readonly remove_subject_endpoint: string;
  readonly verification_endpoint: string;
}

export interface AdminToken {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string | null };
  readonly action: string;
  readonly providerId: string | null;
  readonly applicationId: string | null;
  readonly streamId: string | null;
  readonly targetId: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly address: string | null;
  readonly requestId: string | null;
}
