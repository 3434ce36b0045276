import {
  BadRequestException,
  Body,
  Controller,
  type DynamicModule,
  Get,
  type INestApplication,
  Injectable,
  Module,
  NotFoundException,
  Param,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Interval, ScheduleModule } from '@nestjs/schedule';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { IsEmail } from 'class-validator';
import { Column, DataSource, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { ssfDocuments, type SsfDocuments } from '../../src/http/ssf-docs.js';
import { setupSsfDocs, type SignalInput, SignalsService, SsfModule, useRawBodies } from '../../src/index.js';
import { PinoNestLogger } from '../../src/platform/telemetry/nest-logger.js';
import type { HostSettings, RunningHost } from './transmitter.js';

/** A table of the host's own, in its own schema. */
@Entity({ schema: 'public', name: 'host_user' })
export class HostUser {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  email: string;
}

/** What the host emits when a user signs out. */
export interface UserSignedOut {
  readonly provider: string;
  readonly userId: string;
}

export const HOST_TICK_MS = 50;

/** The host's own listeners and jobs. */
@Injectable()
export class HostJobs {
  readonly heard: UserSignedOut[] = [];
  readonly tickedAt: number[] = [];

  constructor(readonly emitter: EventEmitter2) {}

  @OnEvent('user.signed-out')
  onSignedOut(event: UserSignedOut): void {
    this.heard.push(event);
  }

  @Interval(HOST_TICK_MS)
  tick(): void {
    this.tickedAt.push(performance.now());
  }
}

class CreateUserDto {
  @IsEmail()
  email: string;
}

/** The host's own routes, with Nest's own errors. */
@Controller('users')
class HostUsersController {
  constructor(private readonly dataSource: DataSource) {}

  @Post()
  async create(@Body(new ValidationPipe()) { email }: CreateUserDto): Promise<HostUser> {
    return this.dataSource.manager.save(HostUser, { id: email, email });
  }

  /** Whatever was sent, as the host's own body parser read it. */
  @Post('echo')
  echo(@Body() body: unknown): { body: unknown } {
    if (body === undefined) throw new BadRequestException('no body');
    return { body };
  }

  @Get(':id')
  async get(@Param('id') id: string): Promise<HostUser> {
    const user = await this.dataSource.manager.findOneBy(HostUser, { id });
    if (!user) throw new NotFoundException(`no user ${id}`);
    return user;
  }
}

@Module({})
class HostModule {
  static with({ database: { connection }, ssf }: HostSettings): DynamicModule {
    const { dataSource, adminApi, receiverApi, authorizationServer, routePrefix, ...options } = ssf;
    return {
      module: HostModule,
      imports: [
        EventEmitterModule.forRoot(),
        ScheduleModule.forRoot(),
        TypeOrmModule.forRoot({
          type: 'postgres',
          ...connection,
          username: connection.user,
          ssl: false,
          entities: [HostUser],
          autoLoadEntities: true,
          // of the host's own entities; the module's say synchronize: false
          synchronize: true,
          retryAttempts: 0,
        }),
        SsfModule.forRootAsync({
          dataSource,
          adminApi,
          receiverApi,
          authorizationServer,
          routePrefix,
          inject: [EventEmitter2],
          useFactory: (emitter: EventEmitter2) => ({
            ...options,
            hostEvents: { emitter, map: { 'user.signed-out': toSignal } },
          }),
        }),
      ],
      controllers: [HostUsersController],
      providers: [HostJobs],
    };
  }
}

function toSignal(event: unknown): SignalInput {
  const { provider, userId } = event as UserSignedOut;
  return { provider, type: 'logout', subject: { user: { id: userId } } };
}

/** An identity provider on Express that embeds the transmitter. */
export class ExpressHost implements RunningHost {
  constructor(private readonly app: INestApplication) {}

  get jobs(): HostJobs {
    return this.app.get(HostJobs);
  }

  /** The host's own emitter. */
  get emitter(): EventEmitter2 {
    return this.jobs.emitter;
  }

  get signals(): SignalsService {
    return this.app.get(SignalsService, { strict: false });
  }

  /** What it would show of the APIs. */
  get documents(): SsfDocuments {
    return ssfDocuments(this.app);
  }

  transaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.app.get<DataSource>(getDataSourceToken(), { strict: false }).transaction(work);
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

export async function startExpressHost(settings: HostSettings): Promise<ExpressHost> {
  const app = await NestFactory.create<NestExpressApplication>(
    HostModule.with(settings),
    new ExpressAdapter(),
    {
      logger: new PinoNestLogger(settings.logger),
      abortOnError: false,
    },
  );
  useRawBodies(app, { owns: (path) => /^(\/[\w-]+)?\/(ssf|api\/v1|\.well-known)(\/|$)/.test(path) });
  setupSsfDocs(app);
  try {
    await app.listen(settings.port, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  return new ExpressHost(app);
}
