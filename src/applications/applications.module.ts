import { Module } from '@nestjs/common';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { Application } from './application.entity.js';
import { ApplicationToken } from './application-token.entity.js';
import { ApplicationTokensService } from './application-tokens.service.js';
import { ApplicationsService } from './applications.service.js';

@Module({
  imports: [ProvidersModule],
  providers: [
    ApplicationsService,
    ApplicationTokensService,
    repositoryProvider(Application),
    repositoryProvider(ApplicationToken),
  ],
  exports: [ApplicationsService, ApplicationTokensService],
})
export class ApplicationsModule {}
