import { Module } from '@nestjs/common';
import { ProvidersModule } from '../../providers/providers.module.js';
import { DiscoveryController } from './discovery.controller.js';

/** Metadata below `/.well-known`, which no route prefix moves (SSF 1.0 section 7.2.1). */
@Module({ imports: [ProvidersModule], controllers: [DiscoveryController] })
export class DiscoveryModule {}
