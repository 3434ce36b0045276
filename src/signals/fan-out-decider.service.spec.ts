import { describe, expect, it } from 'vitest';
import type { Application } from '../applications/application.entity.js';
import { CAEP, RISC } from '../core/events/event-uris.js';
import { identityDigest } from '../core/subjects/subject-lookup.js';
import type { CanReceive } from '../platform/config/ports.js';
import type { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import type { SsfConfig } from '../platform/config/ssf-options.js';
import type { UnitOfWork } from '../platform/database/unit-of-work.js';
import type { StreamLimitsService } from '../streams/stream-limits.service.js';
import { AutoSubscriptionsService } from '../streams/auto-subscriptions.service.js';
import type { Stream } from '../streams/stream.entity.js';
import { StreamSubjectsService } from '../streams/stream-subjects.service.js';
import type { ProvidersService } from '../providers/providers.service.js';
import { FanOutAccessService } from './fan-out-access.service.js';
import { type DecidedBatch, FanOutDeciderService } from './fan-out-decider.service.js';
import { batchClock, type FannedSignal, type FanOutPlan } from './fan-out-plan.js';
import { FoldingService } from './folding.service.js';
import { NO_LAST_SIGNALS } from './folding.sql.js';
import { FanOutSubjectsService } from './fan-out-subjects.service.js';
import { OptOutsService } from './opt-outs.service.js';

/** Whoever asks the database fails. */
const withoutDatabase = {
  get manager(): never {
    throw new Error('a statement');
  },
} as unknown as UnitOfWork;

const config = { canReceiveTimeoutMs: 1_000 } as SsfConfig;

function decide(
  types: readonly (readonly [FannedSignal['type'], string])[],
  canReceive?: CanReceive,
): Promise<DecidedBatch> {
  const subjects = new StreamSubjectsService(
    withoutDatabase,
    undefined as unknown as ProvidersService,
    undefined as unknown as StreamLimitsService,
    config,
  );
  const decider = new FanOutDeciderService(
    new AutoSubscriptionsService(withoutDatabase),
    new FanOutSubjectsService(subjects),
    new OptOutsService(withoutDatabase),
    new FanOutAccessService(canReceive, config),
    new FoldingService(withoutDatabase, undefined as unknown as PeriodicTasks, config),
  );
  const plan = {
    issuer: 'https://idp.test',
    lists: { kind: 'removed', shapes: new Map() },
    streams: [
      {
        stream: { id: 'stream-1', status: 'enabled', audience: ['rx'] } as Stream,
        application: {
          id: 'app-1',
          subjectFormat: 'opaque',
          allowedGroups: null,
          allowedTenants: null,
        } as Application,
        delivered: new Set<string>([CAEP.sessionRevoked, RISC.optOutEffective]),
      },
    ],
    clients: new Map(),
    hasOptOuts: false,
    subscribing: new Map(),
  } as unknown as FanOutPlan;
  const signals = types.map(
    ([type, user], index) =>
      ({
        id: `signal-${index}`,
        type,
        occurredAt: new Date(),
        subject: { user: { id: user } },
        details: {},
      }) as FannedSignal,
  );
  return decider.decide(plan, signals, batchClock(new Date()));
}

describe('a provider for whom no rule is in use', () => {
  it('is decided on without a statement, and without a change', async () => {
    const { decisions, changes } = await decide([['session.revoked', 'ana']]);

    expect(decisions).toEqual([[expect.objectContaining({ set: expect.anything() as unknown })]]);
    expect(changes).toBeUndefined();
  });
});

describe('a signal that the host cannot judge', () => {
  it('takes the changes of those behind it back', async () => {
    const { decisions, changes } = await decide(
      [
        ['opt-out.effective', 'ana'],
        ['session.revoked', 'ben'],
        ['opt-out.effective', 'cem'],
      ],
      ({ subject }) => {
        if (subject.user?.id === 'ben') throw new Error('the directory is down');
        return true;
      },
    );

    expect(decisions).toHaveLength(1);
    const [signalIds, keys, , states] = changes?.slice(
      -4 - NO_LAST_SIGNALS.length,
      -NO_LAST_SIGNALS.length,
    ) as [string[], Buffer[], unknown, string[]];
    expect(signalIds).toEqual(['signal-0']);
    expect(keys).toContainEqual(identityDigest({ format: 'opaque', id: 'ana' }));
    expect(keys).not.toContainEqual(identityDigest({ format: 'opaque', id: 'cem' }));
    expect(new Set(states)).toEqual(new Set(['opt-out']));
  });
});
