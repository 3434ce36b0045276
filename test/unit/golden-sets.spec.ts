import type { EntityManager } from 'typeorm';
import { describe, expect, it } from 'vitest';
import type { Application } from '../../src/applications/application.entity.js';
import { createEventCatalogue } from '../../src/core/events/event-catalogue.js';
import { mappingRecipes, parseEventMapping } from '../../src/core/events/event-mapping.js';
import { SIGNAL_TYPES } from '../../src/core/events/signal-types.js';
import { validateSetEnvelope } from '../../src/core/set/validate-set.js';
import { pairwiseSubjects } from '../../src/core/subjects/pairwise-subjects.js';
import { SUBJECT_FORMAT_CHOICES } from '../../src/core/subjects/signal-subject.js';
import { timeOfId } from '../../src/platform/ids/event-id.js';
import type { Provider } from '../../src/providers/provider.entity.js';
import type { QueuedSet, QueueService } from '../../src/queue/queue.service.js';
import { fromRow, toRow } from '../../src/signals/signal-row.js';
import { batchClock, decide, type FanOutPlan } from '../../src/signals/fan-out-plan.js';
import { parseSignals } from '../../src/signals/parse-signal.js';
import type { Stream } from '../../src/streams/stream.entity.js';
import { StreamSetsService } from '../../src/streams/stream-sets.service.js';
import {
  type GoldenCall,
  type GoldenSignal,
  goldenSets,
  plainGoldenSignals,
} from '../support/golden-sets.js';

const { about, signals, calls } = goldenSets;
const now = new Date(about.now);
const catalogue = createEventCatalogue();
const HEADER = { typ: 'secevent+jwt', alg: 'ES256', kid: 'k' };
const stream = { id: about.streamId, status: 'enabled', audience: [about.audience] } as Stream;

/** The claims as they are signed, of the one SET that the signal becomes. */
function claimsOf({ signal, application, mapping }: GoldenSignal): unknown {
  const planned = {
    stream,
    application: {
      id: about.applicationId,
      subjectFormat: 'iss_sub',
      legacyProfile: false,
      allowedGroups: null,
      allowedTenants: null,
      clientId: null,
      ...application,
    } as Application,
    delivered: new Set(catalogue.list().map(({ uri }) => uri)),
    ...(application?.pairwiseSubjects && {
      pairwise: pairwiseSubjects(about.pairwiseSecret, about.applicationId),
    }),
  };
  const plan = {
    issuer: about.issuer,
    streams: [planned],
    mapping: mappingRecipes(parseEventMapping(mapping ?? {}, catalogue), catalogue, () => undefined),
  } as unknown as FanOutPlan;
  const [parsed] = parseSignals(signal, { catalogue, now });
  if (!parsed) throw new Error('there is no signal');
  const id = '019c0f00-0000-7000-8000-000000000000';
  const decisions = decide(plan, fromRow(toRow(parsed, id)), batchClock(now));
  expect(decisions).toHaveLength(1);
  const [decision] = decisions;
  if (!decision || !('set' in decision)) throw new Error(`no SET: ${decision?.reason}`);
  return withoutJti(decision.set.claims);
}

async function claimsOfCall({ call }: GoldenCall): Promise<unknown> {
  const queued: QueuedSet[] = [];
  const queue = {
    enqueue: (_: unknown, set: QueuedSet) => Promise.resolve(void queued.push(set)),
  } as unknown as QueueService;
  const manager = { query: () => Promise.resolve([{ now }]) } as unknown as EntityManager;
  const provider = { issuer: about.issuer } as Provider;
  const sets = new StreamSetsService(queue);
  if (call.verify) await sets.verification(manager, provider, stream, call.verify.state);
  if (call.update) await sets.streamUpdated(manager, provider, stream, call.update);
  expect(queued).toHaveLength(1);
  return withoutJti(queued[0]?.claims ?? '');
}

/** The one claim that is random, but for its time. */
function withoutJti(text: string): unknown {
  const claims = JSON.parse(text) as { jti: string };
  expect(timeOfId(claims.jti)).toEqual(now);
  return { ...claims, jti: '{jti}' };
}

describe('a golden SET', () => {
  it.each(signals.map((golden) => [golden.name, golden] as const))('of a signal: %s', (_, golden) => {
    expect(claimsOf(golden)).toStrictEqual(golden.claims);
  });

  it.each(calls.map((golden) => [golden.name, golden] as const))('of a call: %s', async (_, golden) => {
    expect(await claimsOfCall(golden)).toStrictEqual(golden.claims);
  });

  it.each([...signals, ...calls].map(({ name, claims }) => [name, claims] as const))(
    'is valid by the catalogue: %s',
    (_, claims) => {
      expect(
        validateSetEnvelope(HEADER, claims, { iss: about.issuer, aud: about.audience }, catalogue),
      ).toEqual([]);
    },
  );

  it('is there for each event type of the catalogue', () => {
    const events = [...signals, ...calls].flatMap(({ claims }) => Object.keys(claims.events));

    expect([...new Set(events)].toSorted()).toEqual(
      catalogue
        .list()
        .map(({ uri }) => uri)
        .toSorted(),
    );
  });

  it('is there for each type of signal and each subject format', () => {
    const formats = signals.map(({ application }) => application?.subjectFormat ?? 'iss_sub');

    expect(plainGoldenSignals.map(({ signal }) => signal.type).toSorted()).toEqual(
      Object.keys(SIGNAL_TYPES).toSorted(),
    );
    expect([...new Set(formats)].toSorted()).toEqual(SUBJECT_FORMAT_CHOICES.toSorted());
  });
});
