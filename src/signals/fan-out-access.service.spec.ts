import { describe, expect, it, vi } from 'vitest';
import type { Application } from '../applications/application.entity.js';
import type { AccessQuestion, CanReceive } from '../platform/config/ports.js';
import type { SsfConfig } from '../platform/config/ssf-options.js';
import type { Stream } from '../streams/stream.entity.js';
import { FanOutAccessService, type Judged } from './fan-out-access.service.js';
import type { Decision, FannedSignal, FanOutPlan } from './fan-out-plan.js';

const USERS = ['ana', 'ben', 'cem'];
const signals = USERS.map((id) => ({ id: `signal-${id}`, subject: { user: { id } } }) as FannedSignal);

function planned(id: string, applicationId: string): FanOutPlan['streams'][number] {
  const application = { id: applicationId, slug: applicationId, clientId: null } as Application;
  return { stream: { id } as Stream, application, delivered: new Set() };
}

const plan = {
  provider: 'acme',
  streams: [planned('s-1', 'mail'), planned('s-2', 'mail'), planned('s-3', 'wiki')],
} as unknown as FanOutPlan;

function setOf(to: FanOutPlan['streams'][number], eventType = 'urn:e'): Decision {
  return { to, set: { streamId: to.stream.id, applicationId: to.application.id, eventType } } as Decision;
}

const decided = signals.map(() => plan.streams.map((to) => setOf(to)));

function judge(canReceive: CanReceive | undefined, of = decided): Promise<Judged> {
  const service = new FanOutAccessService(canReceive, { canReceiveTimeoutMs: 20 } as SsfConfig);
  return service.judge(plan, signals, of);
}

const userOf = ({ subject }: AccessQuestion): string | undefined => subject.user?.id;

describe('what the host says', () => {
  it('is asked once for each signal and application', async () => {
    const canReceive = vi.fn<CanReceive>(() => true);

    const judged = await judge(canReceive);

    expect(judged).toEqual({ decided, unjudged: undefined });
    expect(canReceive).toHaveBeenCalledTimes(6);
    expect(canReceive).toHaveBeenCalledWith({
      provider: 'acme',
      application: { id: 'mail', slug: 'mail', clientId: null },
      subject: { user: { id: 'ana' } },
      eventType: 'urn:e',
    });
  });

  it('takes back the SETs of that signal and application, and no others', async () => {
    const judged = await judge(
      (question) => userOf(question) !== 'ben' || question.application.id !== 'mail',
    );

    const [first, second] = plan.streams.map((to) => ({ to, reason: 'refused_by_host' }));
    expect(judged.decided).toEqual([decided[0], [first, second, decided[1]?.[2]], decided[2]]);
  });

  it('is asked for each event that a signal becomes, and takes back the SETs of that one', async () => {
    const [one] = plan.streams;
    if (!one) throw new Error('there is no stream');
    const both = [setOf(one, 'urn:e'), setOf(one, 'urn:f')];

    const judged = await judge(({ eventType }) => eventType === 'urn:f', [both]);

    expect(judged.decided).toEqual([[{ to: one, reason: 'refused_by_host' }, both[1]]]);
  });

  it.each([undefined, null, 1, 'true', {}])('is no when it is %j', async (answer) => {
    const judged = await judge((() => answer) as unknown as CanReceive);

    expect(judged.decided.flat()).toEqual(
      decided.flat().map(({ to }) => ({ to, reason: 'refused_by_host' })),
    );
  });

  it('is not asked about what has another reason', async () => {
    const canReceive = vi.fn<CanReceive>(() => true);
    const none = signals.map(() =>
      plan.streams.map((to): Decision => ({ to, reason: 'event_not_delivered' })),
    );

    await judge(canReceive, none);

    expect(canReceive).not.toHaveBeenCalled();
  });

  it('is not waited for without a host', async () => {
    expect((await judge(undefined)).decided).toEqual(decided);
  });
});

describe('a host that cannot say', () => {
  const never = new Promise<boolean>(() => undefined);
  const failure = new Error('the directory is down');

  it.each<[string, (question: AccessQuestion) => boolean | Promise<boolean>]>([
    [
      'throws',
      () => {
        throw failure;
      },
    ],
    ['rejects', () => Promise.reject(failure)],
    ['does not answer', () => never],
  ])('and %s holds that signal and those behind it', async (_, answer) => {
    const judged = await judge((question) => userOf(question) === 'ana' || answer(question));

    expect(judged.decided).toEqual([decided[0]]);
    expect(judged.unjudged).toMatchObject({ signalId: 'signal-ben', error: expect.any(Error) as unknown });
  });

  it('holds from the first such signal on, whichever fails first', async () => {
    const slowly = async (): Promise<boolean> => {
      await Promise.resolve();
      await Promise.resolve();
      throw failure;
    };

    const judged = await judge((question) =>
      userOf(question) === 'ana' ? slowly() : Promise.reject(failure),
    );

    expect(judged).toMatchObject({ decided: [], unjudged: { signalId: 'signal-ana', error: failure } });
  });
});
