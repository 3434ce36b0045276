import { SsfError } from '../../src/core/errors.js';
import { parseEventMapping } from '../../src/core/events/event-mapping.js';
import { CAEP } from '../../src/core/events/event-uris.js';
import {
  mapSignal,
  SIGNAL_TYPES,
  type SignalType,
  validateSignalDetails,
} from '../../src/core/events/signal-types.js';
import { PAIRWISE_FORMATS } from '../../src/core/subjects/pairwise-subjects.js';
import {
  buildSubId,
  type SignalSubject,
  SUBJECT_FORMAT_CHOICES,
} from '../../src/core/subjects/signal-subject.js';
import { MAX_SIGNALS } from '../../src/signals/parse-signal.js';
import { CATALOGUE, descriptionOf, eventLink, TYPES, valueOf } from './events.js';
import { anchor, code, json, link, page, sentence, table } from './markdown.js';
import { membersOf } from './source-code.js';

const ISSUER = 'https://idp.example/ssf/acme';
const HAPPENED = new Date('2026-01-31T17:00:00Z');
const SUBJECT = { user: { id: 'u-31', email: 'ana@acme.example' } };
const SESSION_SUBJECT = { ...SUBJECT, session: { id: 's-77' } };
const EXAMPLE_SUBJECTS: Partial<Record<SignalType, SignalSubject>> = {
  logout: SESSION_SUBJECT,
  'session.revoked': SESSION_SUBJECT,
  'session.established': SESSION_SUBJECT,
  'session.presented': SESSION_SUBJECT,
  'device.compliance-changed': { ...SUBJECT, device: { id: 'd-9' } },
};
/** Where the example of the event does not suit the signal. */
const EXAMPLE_DETAILS: Partial<Record<SignalType, Record<string, unknown>>> = {
  'password.changed': {},
  'mfa.added': {
    credentialType: 'fido2-roaming',
    friendlyName: 'Blue key',
    fido2Aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a',
  },
  'mfa.removed': { friendlyName: 'Old phone' },
  'mfa.updated': { credentialType: 'phone-sms', friendlyName: 'New number' },
  event: { eventType: CAEP.riskLevelChange, payload: { principal: 'USER', current_level: 'HIGH' } },
};

export function signalsPage(): string {
  const sources = [
    'src/core/events/signal-types.ts',
    'src/core/events/event-mapping.ts',
    'src/signals/signal-input.ts',
    'src/core/subjects/signal-subject.ts',
  ];
  return page(
    'Signals',
    sources,
    `A signal is the durable fact that something happened at the identity provider. \`POST /api/v1/signals\` takes one, or an array of at most ${MAX_SIGNALS}, of which all are recorded or none; \`SignalsService.record\` and \`recordAll\` take the same. Each type becomes one [event](events.md), unless the provider's [mapping](#mapping) says otherwise.`,
    '## Members',
    table(
      ['Member', 'Required', 'Meaning'],
      membersOf('src/signals/signal-input.ts', 'SignalInput').map(({ name, isOptional, doc }) => [
        code(name),
        isOptional ? '' : 'yes',
        name === 'type' ? 'One of the types below.' : sentence(doc).replace('docs/signals.md', 'below'),
      ]),
    ),
    'A member that is not in this table, or not among the details of the type, is an error. `occurredAt` may be at most five minutes ahead of the server.',
    '## Subject',
    '`subject` has one or several of `user`, `session`, `device`, `application`, `tenant`, `orgUnit` and `group`. All but `user` are `{ "id": "..." }`. `user` has at least one of `id`, `email`, `phoneNumber` (E.164), `account` (an `acct:` URI), `did` and `uri`, and may have `groups`, an array of names that an application can be limited to. Give every identifier that is known: each application has its own subject format, and a stream whose format cannot be built gets no SET (reason `no_subject_identifier`).',
    'Instead of all these, `subId` may hold one Subject Identifier (RFC 9493, SSF 1.0 section 3), which is then the `sub_id` of every SET as it stands.',
    'The `sub_id` of a SET by the subject format of the application, for the subject below. For `identifier.changed` and `identifier.recycled` it is the old e-mail address or phone number, whatever the format.',
    json(FORMAT_SUBJECT),
    table(['Subject format', '`sub_id`'], SUBJECT_FORMAT_CHOICES.map(formatRow)),
    `An application with \`pairwiseSubjects\` knows the user by a name of its own, made of \`id\`, and a device likewise; other identifiers of the user are not told to it, whatever the format (${PAIRWISE_FORMATS.map(code).join(', ')} are possible). It gets nothing about a \`subId\` or a user without \`id\`, nor the events identifier-changed and identifier-recycled (reason \`no_pairwise_identifier\`). Sessions, tenants and the others go out as they are, and so do details and reasons: keep what tells a user there out of them.`,
    '## Types',
    'A detail that has no claim in the tables below stays with the signal and is not sent.',
    table(
      ['Type', 'Event', 'Required details'],
      TYPES.map((type) => {
        const { eventType, detailsSchema } = SIGNAL_TYPES[type];
        return [
          link(code(type), `#${anchor(type)}`),
          eventType === undefined ? 'the one that `details` names' : eventLink(eventType),
          (detailsSchema.required ?? []).map(code).join(', '),
        ];
      }),
    ),
    ...TYPES.flatMap(signalSection),
    ...mappingSection(),
  );
}

function mappingSection(): string[] {
  return [
    '## Mapping',
    'What a type of signal becomes can be said for each provider by its member `eventMapping` (`POST /api/v1/providers`, `PATCH /api/v1/providers/{id}`): an object by signal type, with the events in their order. Types that it does not name keep their default, an empty array is no event at all, and `{}` is the default for all.',
    json({
      eventMapping: {
        'account.disabled': [
          { event: 'session-revoked', reasonAdmin: { en: 'The account was disabled.' } },
          { event: 'account-disabled' },
        ],
        'session.presented': [],
      },
    }),
    '- `event` is the URI of an event type or its short name, as in [events](events.md). Each event becomes a SET of its own, with its own `jti`, since a SET has one event; all have the `txn` of the signal. A stream gets those that it asked for, in the order of the array as long as their `sub_id` is the same.',
    '- `reasonAdmin` and `reasonUser` are for signals without one, and take the place of the default reason of the type. Events without `reason_admin` or `reason_user` do not take them.',
    '- Claims: those of the signal that the event describes. One whose values the event would not all take is left out.',
    '- What is switched off has the reason `event_not_mapped`. For signals that are mapped, the outcomes of `GET /api/v1/signals/{id}` and of `POST /api/v1/signals/preview` say which event they are about (`eventType`). Users who opt out are kept out, whether receivers are told of it or not.',
    '- A change holds for signals that are fanned out after it. SETs that wait keep their claims.',
    `No mapping can lead to an event that is not valid: a signal must always fill what the event requires, by a detail that is required, a default, or a reason of the mapping. Otherwise the change is refused with an error that names the member. So the events of this table are for these signals alone; the others of CAEP and RISC are for all signals but \`event\`, which names its own, and an [event type of the deployment](events.md#event-types-of-a-deployment) is for those that fill it.`,
    table(['Event', 'Signals that can become it'], CATALOGUE.offered().flatMap(restrictedRow)),
  ];
}

function restrictedRow(event: string): string[][] {
  const types = TYPES.filter((type) => canBecome(type, event));
  return types.length === TYPES.length - 1
    ? []
    : [[eventLink(event), types.map((type) => link(code(type), `#${anchor(type)}`)).join(', ')]];
}

function canBecome(type: SignalType, event: string): boolean {
  try {
    parseEventMapping({ [type]: [{ event }] }, CATALOGUE);
    return true;
  } catch (error) {
    if (error instanceof SsfError) return false;
    throw error;
  }
}

const FORMAT_SUBJECT: SignalSubject = {
  user: {
    id: 'u-31',
    email: 'ana@acme.example',
    phoneNumber: '+15550100',
    account: 'acct:ana@acme.example',
    did: 'did:example:ana',
    uri: 'https://acme.example/people/31',
  },
  session: { id: 's-77' },
};

function formatRow(subjectFormat: (typeof SUBJECT_FORMAT_CHOICES)[number]): string[] {
  const built = buildSubId(FORMAT_SUBJECT, subjectFormat, { issuer: ISSUER });
  if ('reason' in built) throw new Error(`the example has no ${subjectFormat}`);
  return [code(subjectFormat), code(JSON.stringify(built.subId))];
}

function signalSection(type: SignalType): string[] {
  const { description, eventType, defaultInitiatingEntity, defaultReason } = SIGNAL_TYPES[type];
  const { signal, set } = signalExample(type);
  const facts = [
    description,
    eventType === undefined
      ? 'It becomes the event that `details.eventType` names, which may not be one about the stream itself; common claims of the event that the payload lacks are added.'
      : `It becomes ${eventLink(eventType)}.`,
    defaultInitiatingEntity ? `Without \`initiatingEntity\` that is \`${defaultInitiatingEntity}\`.` : '',
    defaultReason ? `Without \`reasonAdmin\` that is "${defaultReason}"` : '',
  ];
  return [
    `### ${type}`,
    facts.filter((fact) => fact !== '').join(' '),
    detailsTable(type),
    json(signal),
    'In a SET, for an application with the subject format `iss_sub`:',
    json(set),
  ];
}

function detailsTable(type: SignalType): string {
  const { detailsSchema, claims, defaults } = SIGNAL_TYPES[type];
  const details = Object.entries(detailsSchema.properties ?? {});
  if (details.length === 0) return 'It has no details.';
  return table(
    ['Detail', 'Required', 'Value', 'Meaning', 'Claim of the event', 'Default'],
    details.map(([name, schema]) => {
      const claim = claims[name];
      return [
        code(name),
        detailsSchema.required?.includes(name) ? 'yes' : '',
        valueOf(schema),
        sentence(descriptionOf(schema)),
        claim === undefined ? '' : code(claim),
        claim !== undefined && claim in defaults ? code(String(defaults[claim])) : '',
      ];
    }),
  );
}

/** Checked as real ones are, and by the CAEP Interoperability Profile: a wrong example is an error here. */
function signalExample(type: SignalType): { signal: object; set: object } {
  const details = EXAMPLE_DETAILS[type] ?? detailsOfEvent(type);
  const subject = EXAMPLE_SUBJECTS[type] ?? SUBJECT;
  const event = mapSignal({ type, occurredAt: HAPPENED, details });
  const newIdentifier = typeof details.newValue === 'string' ? details.newValue : undefined;
  const built = buildSubId(subject, 'iss_sub', { issuer: ISSUER, eventType: event.eventType, newIdentifier });
  if ('reason' in built) throw new Error(`${type}: ${built.reason}`);
  const problems = [
    ...validateSignalDetails(type, details),
    ...CATALOGUE.validateEvent(event.eventType, event.payload, built.subId, 'iop'),
  ];
  if (problems.length > 0) throw new Error(`the example of ${type} is wrong: ${JSON.stringify(problems)}`);
  return {
    signal: {
      provider: 'acme',
      type,
      occurredAt: HAPPENED.toISOString().replace('.000', ''),
      subject,
      ...(Object.keys(details).length > 0 && { details }),
    },
    set: { sub_id: built.subId, events: { [event.eventType]: event.payload } },
  };
}

function detailsOfEvent(type: SignalType): Record<string, unknown> {
  const { eventType = '', claims, defaults } = SIGNAL_TYPES[type];
  const example = CATALOGUE.get(eventType)?.example ?? {};
  return Object.fromEntries(
    Object.entries(claims).flatMap(([detail, claim]) =>
      claim in example && !(claim in defaults) ? [[detail, example[claim]]] : [],
    ),
  );
}
