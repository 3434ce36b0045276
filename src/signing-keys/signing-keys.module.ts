import { Module } from '@nestjs/common';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { KeyAgeGauge } from './key-age.gauge.js';
import { SigningKey } from './signing-key.entity.js';
import { SigningKeysService } from './signing-keys.service.js';

@Module({
  imports: [ProvidersModule],
  providers: [SigningKeysService, KeyAgeGauge, repositoryProvider(SigningKey)],
  exports: [SigningKeysService],
})
export class SigningKeysModule {}
