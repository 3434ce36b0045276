import { InitialSchema1763700000000 } from './1763700000000-initial-schema.js';
import { Oauth1763800000000 } from './1763800000000-oauth.js';
import { ReceiverApi1763810000000 } from './1763810000000-receiver-api.js';
import { AudienceForm1763815000000 } from './1763815000000-audience-form.js';
import { Retention1763820000000 } from './1763820000000-retention.js';
import { Redelivery1763830000000 } from './1763830000000-redelivery.js';
import { HotPaths1763840000000 } from './1763840000000-hot-paths.js';
import { HistoryRetention1763850000000 } from './1763850000000-history-retention.js';
import { SigningKeyRotation1763860000000 } from './1763860000000-signing-key-rotation.js';
import { AudienceRules1763870000000 } from './1763870000000-audience-rules.js';
import { AuditLog1763880000000 } from './1763880000000-audit-log.js';
import { SignalSources1763890000000 } from './1763890000000-signal-sources.js';
import { EventMapping1763895000000 } from './1763895000000-event-mapping.js';
import { PairwiseSubjects1763900000000 } from './1763900000000-pairwise-subjects.js';
import { Administrators1763905000000 } from './1763905000000-administrators.js';
import { RowVersions1763910000000 } from './1763910000000-row-versions.js';
import { PurgedHistory1763912000000 } from './1763912000000-purged-history.js';
import { FoldRepeats1763915000000 } from './1763915000000-fold-repeats.js';
import { Traceparent1763920000000 } from './1763920000000-traceparent.js';
import { VaultKeys1763920001000 } from './1763920001000-vault-keys.js';
import { AuditActor1763930000000 } from './1763930000000-audit-actor.js';
import { PayloadExpunge1763935000000 } from './1763935000000-payload-expunge.js';
import { OwnTxn1763940000000 } from './1763940000000-own-txn.js';
import { HistoryUpkeep1763945000000 } from './1763945000000-history-upkeep.js';

/** The migrations of the `ssf` schema, oldest first. Immutable once released; a host may run them with its own. */
export const ssfMigrations = [
  InitialSchema1763700000000,
  Oauth1763800000000,
  ReceiverApi1763810000000,
  AudienceForm1763815000000,
  Retention1763820000000,
  Redelivery1763830000000,
  HotPaths1763840000000,
  HistoryRetention1763850000000,
  SigningKeyRotation1763860000000,
  AudienceRules1763870000000,
  AuditLog1763880000000,
  SignalSources1763890000000,
  EventMapping1763895000000,
  PairwiseSubjects1763900000000,
  Administrators1763905000000,
  RowVersions1763910000000,
  PurgedHistory1763912000000,
  FoldRepeats1763915000000,
  Traceparent1763920000000,
  VaultKeys1763920001000,
  AuditActor1763930000000,
  PayloadExpunge1763935000000,
  OwnTxn1763940000000,
  HistoryUpkeep1763945000000,
];
