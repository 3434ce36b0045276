import type { EventDefinition, ObjectSchema } from '../../src/core/events/event-definition.js';
import type { EventFamily } from '../../src/core/events/event-uris.js';
import { SIGNAL_TYPES } from '../../src/core/events/signal-types.js';
import { CATALOGUE, descriptionOf, TYPES, valueOf } from './events.js';
import { anchor, code, json, link, page, sentence, table } from './markdown.js';
import { membersOf } from './source-code.js';

const FAMILIES: Readonly<Record<EventFamily, string>> = {
  caep: 'CAEP 1.0',
  risc: 'RISC 1.0',
  ssf: 'SSF 1.0: events about the stream itself',
  custom: 'Other',
};

export function eventsPage(): string {
  const families = Object.keys(FAMILIES) as EventFamily[];
  return page(
    'Events',
    ['src/core/events/'],
    'The event types that a stream can carry. A SET has exactly one event: `events` is `{ "<URI>": <payload> }`. Unknown members of a payload are allowed (SSF 1.0 section 4.2.3); those below are checked when a signal of the type `event` brings the payload along.',
    'A receiver asks for event types with `events_requested`; events about the stream itself come in any case. "Interop" marks what the CAEP Interoperability Profile asks for beyond the specification of the event; the signals that become such events always fill it.',
    ...families.flatMap((family) => {
      const events = CATALOGUE.list().filter((event) => event.family === family);
      if (events.length === 0) return [];
      return [`## ${FAMILIES[family]}`, ...events.flatMap(eventSection)];
    }),
    ...deploymentSection(),
  );
}

function deploymentSection(): string[] {
  return [
    '## Event types of a deployment',
    'A deployment can have event types of its own, which are treated as those above: they are in `events_supported`, applications can be limited to them (`allowedEvents`), signals of the type `event` are checked by their schema, and a [mapping](signals.md#mapping) can make them of other signals. The standalone server reads them from the JSON file that `SSF_EVENT_TYPES_FILE` names, a Nest application passes them to `SsfModule` as `eventTypes`:',
    json([
      {
        uri: 'https://acme.example/events/badge-lost',
        description: 'A badge was lost',
        schema: {
          type: 'object',
          properties: { place: { type: 'string' } },
          required: ['place'],
        },
      },
    ]),
    table(
      ['Member', 'Required', 'Meaning'],
      membersOf('src/core/events/custom-event-types.ts', 'CustomEventType').map(
        ({ name, isOptional, doc }) => [code(name), isOptional ? '' : 'yes', sentence(doc)],
      ),
    ),
    'They are checked at start: one that is wrong stops it with an error that names the entry and the reason. The schema is read in the strict mode of Ajv, so a keyword that is misspelt is an error, and what it refers to must be in it. All processes of a deployment need the same event types. When one is removed, streams do not have it any more, a mapping goes on without it (with the line `mapping.unusable` in the log), and SETs that wait are still sent.',
  ];
}

function eventSection(event: EventDefinition): string[] {
  const { uri, name, title, specification, schema, interopSchema, example, deprecated, subjectFormats } =
    event;
  const signals = TYPES.filter((type) => SIGNAL_TYPES[type].eventType === uri);
  const facts = [
    `${title} (${specification}).`,
    deprecated ? 'Deprecated: it is not offered to receivers.' : '',
    subjectFormats ? `Its \`sub_id\` has the format ${subjectFormats.map(code).join(' or ')}.` : '',
    signals.length > 0
      ? `Signals: ${signals.map((type) => link(code(type), `signals.md#${anchor(type)}`)).join(', ')}.`
      : '',
  ];
  return [
    `### ${name}`,
    code(uri),
    facts.filter((fact) => fact !== '').join(' '),
    payloadTable(schema, interopSchema),
    json({ [uri]: example }),
  ];
}

function payloadTable(schema: ObjectSchema, interopSchema: ObjectSchema | undefined): string {
  const members = Object.entries(schema.properties ?? {});
  if (members.length === 0) return 'The payload has no members of its own.';
  return table(
    ['Member', 'Required', 'Value', 'Meaning'],
    members.map(([name, member]) => [
      code(name),
      schema.required?.includes(name) ? 'yes' : interopSchema?.required?.includes(name) ? 'interop' : '',
      valueOf(member),
      sentence(descriptionOf(member)),
    ]),
  );
}
