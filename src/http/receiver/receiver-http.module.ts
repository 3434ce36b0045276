import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module.js';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { ProvidersModule } from '../../providers/providers.module.js';
import { SigningKeysModule } from '../../signing-keys/signing-keys.module.js';
import { StreamsModule } from '../../streams/streams.module.js';
import { JwksController } from './jwks.controller.js';
import { PollController } from './poll.controller.js';
import { ReceiverAuthenticationService } from './receiver-authentication.service.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import { StatusController } from './status.controller.js';
import { StreamsController } from './streams.controller.js';
import { SubjectsController } from './subjects.controller.js';
import { VerificationController } from './verification.controller.js';

/** The SSF wire API below `/ssf/{slug}`. */
@Module({
  imports: [ProvidersModule, ApplicationsModule, SigningKeysModule, StreamsModule, DeliveryModule],
  controllers: [
    JwksController,
    StreamsController,
    StatusController,
    SubjectsController,
    VerificationController,
    PollController,
  ],
  providers: [ReceiverAuthenticationService, ReceiverStreamsService],
})
export class ReceiverHttpModule {}
