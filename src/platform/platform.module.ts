import { ConfigurableModuleBuilder, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { deploymentCatalogue } from './catalogue/deployment-catalogue.js';
import { EVENT_CATALOGUE } from './catalogue/event-catalogue.token.js';
import {
  HOST_ADMIN_AUTHENTICATOR,
  HOST_CAN_RECEIVE,
  HOST_EVENTS,
  HOST_KEY_VAULT,
  HOST_RECEIVER_AUTHENTICATOR,
} from './config/port.tokens.js';
import {
  resolveOptions,
  SSF_CONFIG,
  type SsfConfig,
  type SsfOptions,
  type SsfStructure,
} from './config/ssf-options.js';
import { SSF_DATA_SOURCE } from './database/data-source.token.js';
import { databasePorts } from './database/database-ports.js';
import { LostConnections } from './database/lost-connections.js';
import { NotedMigrations } from './database/noted-migrations.js';
import { Partitions } from './database/partitions.js';
import { SchemaCheck } from './database/schema-check.js';
import { Statements } from './database/statements.service.js';
import { UnitOfWork } from './database/unit-of-work.js';
import { DoorbellRelay } from './events/doorbell-relay.js';
import { EventsModule } from './events/events.module.js';
import { SsfHealth } from './health/ssf-health.js';
import { AddressPolicy } from './outbound/address-policy.js';
import { EndpointPolicy } from './outbound/endpoint-policy.js';
import { OutboundHttp } from './outbound/outbound-http.js';
import { ErrorResponder } from './http/error-responder.js';
import { TrustedJwts } from './jwt/trusted-jwts.js';
import { ClusterTasks } from './schedule/cluster-tasks.js';
import { PeriodicTasks } from './schedule/periodic-tasks.js';
import { Resealing } from './secrets/resealing.js';
import { SecretBox } from './secrets/secret-box.js';
import { SsfMetrics } from './telemetry/metrics.js';

/** What forRootAsync's factory answers: the options without those that shape the module itself. */
export type SsfRuntimeOptions = Omit<SsfOptions, keyof SsfStructure>;

const STRUCTURE = Symbol('SSF_STRUCTURE');

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<SsfRuntimeOptions>()
  .setExtras<SsfStructure>({}, (definition, structure) => ({
    ...definition,
    // the lower layers are plain module classes; they get these providers without naming a dynamic module
    global: true,
    providers: [
      ...(definition.providers ?? []),
      { provide: STRUCTURE, useValue: structure },
      { provide: SSF_DATA_SOURCE, useExisting: getDataSourceToken(structure.dataSource) },
    ],
  }))
  .build();

@Module({
  imports: [EventsModule],
  providers: [
    {
      provide: SSF_CONFIG,
      inject: [MODULE_OPTIONS_TOKEN, STRUCTURE],
      useFactory: (options: SsfRuntimeOptions, structure: SsfStructure) =>
        resolveOptions({ ...options, ...structure }),
    },
    {
      provide: HOST_EVENTS,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ hostEvents }: SsfRuntimeOptions) => hostEvents,
    },
    {
      provide: HOST_RECEIVER_AUTHENTICATOR,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ receiverAuthenticator }: SsfRuntimeOptions) => receiverAuthenticator,
    },
    {
      provide: HOST_ADMIN_AUTHENTICATOR,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ adminAuthenticator }: SsfRuntimeOptions) => adminAuthenticator,
    },
    {
      provide: HOST_CAN_RECEIVE,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ canReceive }: SsfRuntimeOptions) => canReceive,
    },
    {
      provide: HOST_KEY_VAULT,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ keyVault }: SsfRuntimeOptions) => keyVault,
    },
    {
      provide: EVENT_CATALOGUE,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ eventTypes }: SsfRuntimeOptions) => deploymentCatalogue(eventTypes),
    },
    {
      provide: PeriodicTasks,
      // the host's registry when it has the ScheduleModule: importing that twice would start the host's jobs twice
      inject: [{ token: SchedulerRegistry, optional: true }],
      useFactory: (registry?: SchedulerRegistry) => new PeriodicTasks(registry ?? new SchedulerRegistry()),
    },
    {
      provide: SecretBox,
      inject: [SSF_CONFIG],
      useFactory: ({ encryptionKey }: SsfConfig) => new SecretBox(SecretBox.parseKeys(encryptionKey)),
    },
    {
      provide: EndpointPolicy,
      inject: [SSF_CONFIG, SSF_DATA_SOURCE],
      useFactory: ({ insecurePushTargets, ...config }: SsfConfig, { options }: DataSource) => {
        const allowLoopback = insecurePushTargets === 'loopback';
        const addresses = new AddressPolicy({ allowLoopback, allowedCidrs: config.pushAllowedCidrs });
        const reservedPorts = [...databasePorts(options), ...config.pushBlockedPorts];
        return new EndpointPolicy(addresses, { allowHttp: allowLoopback, reservedPorts });
      },
    },
    {
      provide: OutboundHttp,
      inject: [EndpointPolicy, SSF_CONFIG],
      useFactory: (policy: EndpointPolicy, { pushExtraCa, pushTimeoutMs }: SsfConfig) =>
        new OutboundHttp(policy, { extraCa: pushExtraCa, timeoutMs: pushTimeoutMs }),
    },
    TrustedJwts,
    ClusterTasks,
    Resealing,
    UnitOfWork,
    Statements,
    LostConnections,
    ErrorResponder,
    SsfMetrics,
    NotedMigrations,
    SsfHealth,
    DoorbellRelay,
    SchemaCheck,
    Partitions,
  ],
  exports: [
    SSF_CONFIG,
    SSF_DATA_SOURCE,
    HOST_EVENTS,
    HOST_RECEIVER_AUTHENTICATOR,
    HOST_ADMIN_AUTHENTICATOR,
    HOST_CAN_RECEIVE,
    HOST_KEY_VAULT,
    EVENT_CATALOGUE,
    PeriodicTasks,
    ClusterTasks,
    SecretBox,
    Resealing,
    EndpointPolicy,
    OutboundHttp,
    TrustedJwts,
    UnitOfWork,
    Statements,
    ErrorResponder,
    SsfMetrics,
    SsfHealth,
    EventsModule,
    DoorbellRelay,
    Partitions,
  ],
})
export class PlatformModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(@Inject(OutboundHttp) private readonly outbound: OutboundHttp) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbound.close();
  }
}
