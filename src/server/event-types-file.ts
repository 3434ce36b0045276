import { readFileSync } from 'node:fs';
import type { CustomEventType } from '../core/events/custom-event-types.js';
import { deploymentCatalogue } from '../platform/catalogue/deployment-catalogue.js';
import { SettingError } from '../platform/config/setting-parsers.js';

const SETTING = 'SSF_EVENT_TYPES_FILE';

/** Reads the event types of the deployment. Throws {@link SettingError} with the entry that is wrong, and why. */
export function readEventTypes(file: string): readonly CustomEventType[] {
  const eventTypes = parsed(read(file));
  deploymentCatalogue(eventTypes, SETTING);
  return eventTypes as readonly CustomEventType[];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SettingError('names a file that cannot be read', SETTING, error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SettingError('names a file that is not JSON', SETTING, error);
  }
}
