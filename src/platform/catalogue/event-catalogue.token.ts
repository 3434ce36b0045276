import { Inject } from '@nestjs/common';

/** The event types of this deployment (core/events/event-catalogue.ts): the standard ones and its own. */
export const EVENT_CATALOGUE = Symbol('SSF_EVENT_CATALOGUE');

export function InjectEventCatalogue(): PropertyDecorator & ParameterDecorator {
  return Inject(EVENT_CATALOGUE);
}
