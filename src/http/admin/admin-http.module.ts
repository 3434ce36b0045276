import { Module } from '@nestjs/common';
import { AdministratorsModule } from '../../administrators/administrators.module.js';
import { ApplicationsModule } from '../../applications/applications.module.js';
import { AuditModule } from '../../audit/audit.module.js';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { ProvidersModule } from '../../providers/providers.module.js';
import { QueueModule } from '../../queue/queue.module.js';
import { RetentionModule } from '../../retention/retention.module.js';
import { SignalsModule } from '../../signals/signals.module.js';
import { SigningKeysModule } from '../../signing-keys/signing-keys.module.js';
import { StreamsModule } from '../../streams/streams.module.js';
import { AdminAuthenticationService } from './admin-authentication.service.js';
import { AdminGuard } from './admin.guard.js';
import { AdminTokensController } from './admin-tokens.controller.js';
import { ApplicationsController } from './applications.controller.js';
import { DeletionsController } from './deletions.controller.js';
import { CurrentAdministratorController } from './current-administrator.controller.js';
import { EncryptionController } from './encryption.controller.js';
import { AuditLogController } from './audit-log.controller.js';
import { IdempotencyKeysService } from './idempotency-keys.service.js';
import { OAuthClientsController } from './oauth-clients.controller.js';
import { ProvidersController } from './providers.controller.js';
import { RecoveriesController } from './recoveries.controller.js';
import { RecoveryRequestsService } from './recovery-requests.service.js';
import { RetentionController } from './retention.controller.js';
import { SetSearchService } from './set-search.service.js';
import { SetsController } from './sets.controller.js';
import { SignalRecordingController } from './signal-recording.controller.js';
import { SignalsController } from './signals.controller.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { SourceAuthenticationService } from './source-authentication.service.js';
import { SourceEventsController } from './source-events.controller.js';
import { SourcesController } from './sources.controller.js';
import { StatsController } from './stats.controller.js';
import { StatsService } from './stats.service.js';
import { StreamProvisioningService } from './stream-provisioning.service.js';
import { StreamRecoveriesController } from './stream-recoveries.controller.js';
import { StreamViewsService } from './stream-views.service.js';
import { StreamsAdminController } from './streams.controller.js';
import { SubjectSearchService } from './subject-search.service.js';
import { SubjectsController } from './subjects.controller.js';

/** The management API at `/api/v1`. */
@Module({
  imports: [
    AdministratorsModule,
    AuditModule,
    ProvidersModule,
    ApplicationsModule,
    SigningKeysModule,
    QueueModule,
    StreamsModule,
    SignalsModule,
    DeliveryModule,
    RetentionModule,
  ],
  controllers: [
    ProvidersController,
    SigningKeysController,
    ApplicationsController,
    OAuthClientsController,
    StreamsAdminController,
    SignalRecordingController,
    SignalsController,
    SourcesController,
    SourceEventsController,
    SetsController,
    StreamRecoveriesController,
    RecoveriesController,
    StatsController,
    RetentionController,
    AuditLogController,
    EncryptionController,
    AdminTokensController,
    DeletionsController,
    SubjectsController,
    CurrentAdministratorController,
  ],
  providers: [
    AdminAuthenticationService,
    AdminGuard,
    IdempotencyKeysService,
    StreamProvisioningService,
    StreamViewsService,
    SubjectSearchService,
    RecoveryRequestsService,
    SetSearchService,
    StatsService,
    SourceAuthenticationService,
  ],
})
export class AdminHttpModule {}
