import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classifyPushResponse, type PushOutcome } from '../../src/core/delivery/classify-push-response.js';
import { validateMetadata } from '../../src/core/discovery/transmitter-metadata.js';
import { wellKnownUrl } from '../../src/core/discovery/well-known.js';
import { createEventCatalogue, type ConformanceLevel } from '../../src/core/events/event-catalogue.js';
import { validateSetEnvelope, type SetStream } from '../../src/core/set/validate-set.js';
import { matchesAdded } from '../../src/core/subjects/match-subject.js';
import type { SubjectIdentifier } from '../../src/core/subjects/subject-identifier.js';
import { subjectProblems } from '../../src/core/subjects/subject-problems.js';

interface Judged {
  readonly id: string;
  readonly expect: 'valid' | 'invalid';
  readonly level: string;
  readonly why: string;
}

interface Vectors {
  readonly events: readonly (Judged & { type: string; payload: unknown; sub_id: unknown })[];
  readonly subjects: readonly (Judged & { subject: unknown })[];
  readonly subject_matching: readonly {
    id: string;
    name: string;
    added: SubjectIdentifier;
    event: SubjectIdentifier;
    match: boolean;
  }[];
  readonly set_envelopes: readonly (Judged & { header: unknown; claims: unknown; stream: SetStream })[];
  readonly push_responses: readonly {
    id: string;
    name: string;
    status: number;
    body: unknown;
    classification: Classification;
  }[];
  readonly well_known: readonly { id: string; issuer: string; url: string }[];
  readonly metadata: readonly (Judged & { metadata: unknown })[];
}

type Classification = 'delivered' | 'permanent' | 'retry' | 'retry-slow' | 'failure-no-redirect';

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/vectors.json', import.meta.url), 'utf8'),
) as Vectors;
const catalogue = createEventCatalogue();

describe('event vectors', () => {
  it.each(vectors.events.map(titled))('%s', (_title, vector) => {
    const problems = catalogue.validateEvent(vector.type, vector.payload, vector.sub_id, levelOf(vector));

    expectVerdict(vector, problems);
  });

  it.each(vectors.events.filter(({ level }) => level === 'iop').map(titled))(
    '%s: valid without the profile',
    (_title, vector) => {
      const problems = catalogue.validateEvent(vector.type, vector.payload, vector.sub_id);

      expect(problems).toEqual([]);
    },
  );
});

describe('subject vectors', () => {
  it.each(vectors.subjects.map(titled))('%s', (_title, vector) => {
    const problems = subjectProblems(vector.subject, 'subject');

    expectVerdict(vector, problems);
  });
});

describe('subject matching vectors', () => {
  it.each(vectors.subject_matching.map((vector) => [`${vector.id} ${vector.name}`, vector] as const))(
    '%s',
    (_title, { added, event, match }) => {
      expect(matchesAdded(added, event)).toBe(match);
    },
  );
});

describe('SET envelope vectors', () => {
  it.each(vectors.set_envelopes.map(titled))('%s', (_title, vector) => {
    const problems = validateSetEnvelope(vector.header, vector.claims, vector.stream, catalogue);

    expectVerdict(vector, problems);
  });
});

describe('push response vectors', () => {
  const expected: Record<Classification, Partial<PushOutcome>> = {
    delivered: { outcome: 'delivered' },
    permanent: { outcome: 'rejected' },
    retry: { outcome: 'retry', pace: 'quick' },
    'retry-slow': { outcome: 'retry', pace: 'slow', alert: true },
    'failure-no-redirect': { outcome: 'retry', pace: 'slow', alert: true },
  };

  it.each(vectors.push_responses.map((vector) => [`${vector.id} ${vector.name}`, vector] as const))(
    '%s',
    (_title, { status, body, classification }) => {
      const outcome = classifyPushResponse({
        kind: 'response',
        status,
        body: body === null ? '' : JSON.stringify(body),
      });

      expect(outcome).toMatchObject(expected[classification]);
    },
  );
});

describe('well-known vectors', () => {
  it.each(vectors.well_known.map((vector) => [`${vector.id} ${vector.issuer}`, vector] as const))(
    '%s',
    (_title, { issuer, url }) => {
      expect(wellKnownUrl(issuer)).toBe(url);
    },
  );
});

describe('metadata vectors', () => {
  it.each(vectors.metadata.map(titled))('%s', (_title, vector) => {
    const problems = validateMetadata(vector.metadata, levelOf(vector));

    expectVerdict(vector, problems);
  });
});

function titled<T extends Judged>(vector: T): [string, T] {
  return [`${vector.id} is ${vector.expect}: ${vector.why}`, vector];
}

function levelOf({ level }: Judged): ConformanceLevel {
  return level === 'iop' ? 'iop' : 'spec';
}

function expectVerdict(vector: Judged, problems: readonly unknown[]): void {
  if (vector.expect === 'valid') expect(problems).toEqual([]);
  else expect(problems).not.toEqual([]);
}
