import {
  type DynamicModule,
  Module,
  type ModuleMetadata,
  type InjectionToken,
  type OptionalFactoryDependency,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DeliveryModule } from './delivery/delivery.module.js';
import { AdminHttpModule } from './http/admin/admin-http.module.js';
import { OAuthDiscoveryModule } from './http/oauth/oauth-discovery.module.js';
import { OAuthHttpModule } from './http/oauth/oauth-http.module.js';
import { ReceiverHttpModule } from './http/receiver/receiver-http.module.js';
import { DiscoveryModule } from './http/receiver/discovery.module.js';
import type { SsfOptions, SsfStructure } from './platform/config/ssf-options.js';
import { PlatformModule, type SsfRuntimeOptions } from './platform/platform.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { SignalsModule } from './signals/signals.module.js';
import { SSF_ENTITIES } from './ssf-entities.js';

/** As `SsfModule.forRoot`, with the options from a factory. What shapes the module stands beside the factory. */
export interface SsfAsyncOptions extends SsfStructure, Pick<ModuleMetadata, 'imports'> {
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
  // the factory's parameters are what `inject` names, which only the caller can type
  readonly useFactory: (...injected: never[]) => SsfRuntimeOptions | Promise<SsfRuntimeOptions>;
}

/**
 * The composition root: the transmitter as one module of a Nest application.
 *
 * @example
 * imports: [
 *   TypeOrmModule.forRoot({ type: 'postgres', url, autoLoadEntities: true }),
 *   SsfModule.forRoot({ publicUrl: 'https://idp.example', encryptionKey, adminToken }),
 * ]
 */
@Module({})
export class SsfModule {
  static forRoot(options: SsfOptions): DynamicModule {
    return assemble(PlatformModule.register(options), options);
  }

  static forRootAsync({ imports, inject, useFactory, ...structure }: SsfAsyncOptions): DynamicModule {
    const factory = useFactory as (...injected: unknown[]) => SsfRuntimeOptions | Promise<SsfRuntimeOptions>;
    return assemble(
      PlatformModule.registerAsync({
        imports: imports ?? [],
        inject: inject ?? [],
        useFactory: factory,
        ...structure,
      }),
      structure,
    );
  }
}

function assemble(platform: DynamicModule, structure: SsfStructure): DynamicModule {
  const { adminApi = true, receiverApi = true, authorizationServer = receiverApi } = structure;
  const prefixed = [
    ...(adminApi ? [AdminHttpModule] : []),
    ...(receiverApi ? [ReceiverHttpModule] : []),
    ...(authorizationServer ? [OAuthHttpModule] : []),
  ];
  const path = structure.routePrefix?.replace(/^\/+|\/+$/g, '') ?? '';
  return {
    module: SsfModule,
    imports: [
      platform,
      TypeOrmModule.forFeature([...SSF_ENTITIES], structure.dataSource),
      SignalsModule,
      DeliveryModule,
      RetentionModule,
      ...prefixed,
      ...(receiverApi ? [DiscoveryModule] : []),
      ...(authorizationServer ? [OAuthDiscoveryModule] : []),
      ...(path ? [RouterModule.register(prefixed.map((module) => ({ path, module })))] : []),
    ],
    exports: [SignalsModule],
  };
}
