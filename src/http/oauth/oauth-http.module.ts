import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module.js';
import { ProvidersModule } from '../../providers/providers.module.js';
import { AuthorizationServer } from './authorization-server.js';
import { OAuthController } from './oauth.controller.js';

/** The built-in authorization server at `/oauth`. */
@Module({
  imports: [ProvidersModule, ApplicationsModule],
  controllers: [OAuthController],
  providers: [AuthorizationServer],
  exports: [AuthorizationServer],
})
export class OAuthHttpModule {}
