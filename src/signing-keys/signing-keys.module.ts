import { Module } from '@nestjs/common';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { KeyAgeGauge } from './key-age.gauge.js';
import { KeyHomes } from './key-homes.service.js';
import { KeyHealth } from './key-health.js';
import { KeyRingStore } from './key-ring-store.js';
import { KeyRotationService } from './key-rotation.service.js';
import { SignerHealth } from './signer-health.js';
import { SignersService } from './signers.service.js';
import { SigningKey } from './signing-key.entity.js';
import { SigningKeysService } from './signing-keys.service.js';

@Module({
  imports: [ProvidersModule],
  providers: [
    KeyHomes,
    KeyRingStore,
    SigningKeysService,
    KeyRotationService,
    SignersService,
    KeyAgeGauge,
    KeyHealth,
    SignerHealth,
    repositoryProvider(SigningKey),
  ],
  exports: [SigningKeysService, KeyRotationService, SignersService],
})
export class SigningKeysModule {}
