import type { EventDefinition, ObjectSchema } from '../../src/core/events/event-definition.js';
import type { EventFamily } from '../../src/core/events/event-uris.js';
import { SIGNAL_TYPES } from '../../src/core/events/signal-types.js';
import { CATALOGUE, descriptionOf, TYPES, valueOf } from './events.js';
import { anchor, code, json, link, page, sentence, table } from './markdown.js';

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
  );
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
