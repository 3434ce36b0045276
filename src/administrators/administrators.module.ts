import { Module } from '@nestjs/common';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { AdminToken } from './admin-token.entity.js';
import { AdminTokensService } from './admin-tokens.service.js';
import { OidcAdministratorsService } from './oidc-administrators.service.js';

@Module({
  providers: [AdminTokensService, OidcAdministratorsService, repositoryProvider(AdminToken)],
  exports: [AdminTokensService, OidcAdministratorsService],
})
export class AdministratorsModule {}
