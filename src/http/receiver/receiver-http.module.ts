import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module.js';
import { ProvidersModule } from '../../providers/providers.module.js';
import { SigningKeysModule } from '../../signing-keys/signing-keys.module.js';
import { StreamsModule } from '../../streams/streams.module.js';
import { JwksController } from './jwks.controller.js';
import { StatusController } from './status.controller.js';
import { StreamsController } from './streams.controller.js';
import { VerificationController } from './verification.controller.js';

/** The SSF wire API below `/ssf/{slug}`. */
@Module({
  imports: [ProvidersModule, ApplicationsModule, SigningKeysModule, StreamsModule],
  controllers: [JwksController, StreamsController, StatusController, VerificationController],
})
export class ReceiverHttpModule {}
