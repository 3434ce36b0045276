// What the pages of signals and events share.

import { createEventCatalogue } from '../../src/core/events/event-catalogue.js';
import type { JsonSchema } from '../../src/core/events/event-definition.js';
import { SIGNAL_TYPES, type SignalType } from '../../src/core/events/signal-types.js';
import { code, link } from './markdown.js';

export const CATALOGUE = createEventCatalogue();
export const TYPES = Object.keys(SIGNAL_TYPES) as SignalType[];

/** `eventType` is a built-in one, which has a section of events.md. */
export function eventLink(eventType: string): string {
  const event = CATALOGUE.get(eventType);
  if (!event) throw new Error(`${eventType} is not in the catalogue`);
  return link(`${event.family.toUpperCase()} ${event.name}`, `events.md#${event.name}`);
}

export function descriptionOf({ description }: JsonSchema): string {
  return typeof description === 'string' ? description : '';
}

export function valueOf(schema: JsonSchema): string {
  const choices = schema.enum as readonly string[] | undefined;
  if (choices) return choices.map(code).join(', ');
  const examples = schema.examples as readonly string[] | undefined;
  const suffix = examples ? `, such as ${examples.map(code).join(', ')}` : '';
  if (schema.type === 'array') return 'array of strings';
  if (schema.type === 'object' && schema.propertyNames) return 'object: language tag to text';
  return (schema.type === 'string' ? 'text' : String(schema.type)) + suffix;
}
