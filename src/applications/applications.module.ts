import { Module } from '@nestjs/common';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { AccessTokensService } from './access-tokens.service.js';
import { Application } from './application.entity.js';
import { ApplicationToken } from './application-token.entity.js';
import { ApplicationTokensService } from './application-tokens.service.js';
import { ApplicationsService } from './applications.service.js';
import { OAuthClient } from './oauth-client.entity.js';
import { OAuthClientsService } from './oauth-clients.service.js';
import { OAuthTokensService } from './oauth-tokens.service.js';
import { PairwiseSecretsService } from './pairwise-secrets.service.js';

@Module({
  imports: [ProvidersModule],
  providers: [
    ApplicationsService,
    ApplicationTokensService,
    AccessTokensService,
    OAuthClientsService,
    OAuthTokensService,
    PairwiseSecretsService,
    repositoryProvider(Application),
    repositoryProvider(ApplicationToken),
    repositoryProvider(OAuthClient),
  ],
  exports: [
    ApplicationsService,
    ApplicationTokensService,
    AccessTokensService,
    OAuthClientsService,
    OAuthTokensService,
    PairwiseSecretsService,
  ],
})
export class ApplicationsModule {}
