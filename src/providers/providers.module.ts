import { Module } from '@nestjs/common';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { Provider } from './provider.entity.js';
import { ProvidersService } from './providers.service.js';

@Module({ providers: [ProvidersService, repositoryProvider(Provider)], exports: [ProvidersService] })
export class ProvidersModule {}
