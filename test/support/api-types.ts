import type { components } from './admin-api.js';

type Schemas = components['schemas'];

// What the admin API takes and answers, as its description says, which test/e2e/openapi.spec.ts holds answers to.

export type Problem = Schemas['ProblemDto'];
export type DeletionCounts = Schemas['DeletionCountsDto'];
export type NewProvider = Schemas['CreateProviderDto'];
export type Provider = Schemas['ProviderDto'];
export type SigningKey = Schemas['SigningKeyDto'];
export type NewApplication = Schemas['CreateApplicationDto'];
export type Application = Schemas['ApplicationDto'];
export type NewToken = Schemas['CreateTokenDto'];
export type CreatedToken = Schemas['CreatedTokenDto'];
export type NewOAuthClient = Schemas['CreateOAuthClientDto'];
export type NewSource = Schemas['CreateSourceDto'];
export type Source = Schemas['CreatedSourceDto'];
export type SourceOutcome = Schemas['SourceOutcomeDto'];
export type StreamHealth = Schemas['StreamHealthDto'];
export type AdminStream = Schemas['StreamDto'];
export type ListedSubject = Schemas['ListedSubjectDto'];
export type Signal = Schemas['SignalDto'];
export type RecordedSignal = Schemas['RecordedSignalDto'];
export type SignalOutcome = Schemas['SignalOutcomeDto'];
export type StoredSignal = Schemas['StoredSignalDto'];
export type Attempt = Schemas['AttemptDto'];
export type SetStatus = SetSummary['status'];
export type SetSummary = Schemas['SetSummaryDto'];
export type SetRecord = Schemas['SetDto'];
export type Recovery = Schemas['RecoveryDto'];
export type NewAdminToken = Schemas['CreateAdminTokenDto'];
export type CreatedAdminToken = Schemas['CreatedAdminTokenDto'];
export type Retention = Schemas['RetentionDto'];
export type RetainedDay = Schemas['RetainedDayDto'];
export type PurgeReport = Schemas['PurgeReportDto'];
export type AdminToken = Schemas['AdminTokenDto'];
export type AuditEntry = Schemas['AuditEntryDto'];

export interface Page<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
}

// What receivers see, written down apart from the code under test.

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
