import { Module } from '@nestjs/common';
import { OAuthDiscoveryController } from './oauth-discovery.controller.js';
import { OAuthHttpModule } from './oauth-http.module.js';

/** Its metadata below `/.well-known`, which no route prefix moves. */
@Module({ imports: [OAuthHttpModule], controllers: [OAuthDiscoveryController] })
export class OAuthDiscoveryModule {}
