import { SsfError } from '../../core/errors.js';
import { parseEventCatalogue } from '../../core/events/custom-event-types.js';
import type { EventCatalogue } from '../../core/events/event-catalogue.js';
import { SettingError } from '../config/setting-parsers.js';

/**
 * The event types of the specifications and those of the deployment.
 *
 * @param setting the name of what they were given by, for the error
 * @throws SettingError that names the entry and what is wrong with it
 */
export function deploymentCatalogue(eventTypes: unknown, setting = 'eventTypes'): EventCatalogue {
  try {
    return parseEventCatalogue(eventTypes);
  } catch (error) {
    if (error instanceof SsfError) throw new SettingError(error.message, setting, error);
    throw error;
  }
}
