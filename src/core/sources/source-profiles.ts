import { AUTHENTIK_PROFILE } from './authentik-profile.js';
import { KEYCLOAK_PROFILE } from './keycloak-profile.js';
import { LOGTO_PROFILE } from './logto-profile.js';
import type { SourceProfile } from './source-profile.js';

/** The products whose own events are taken. */
export const PRODUCT_PROFILES = {
  authentik: AUTHENTIK_PROFILE,
  keycloak: KEYCLOAK_PROFILE,
  logto: LOGTO_PROFILE,
} as const satisfies Record<string, SourceProfile>;

/** `signal`: our own form; `cloudevents`: that in an envelope. */
export const SOURCE_PROFILES = ['signal', 'cloudevents', 'authentik', 'keycloak', 'logto'] as const;
export type SourceProfileName = (typeof SOURCE_PROFILES)[number];

/** The profile of a product; undefined for the forms of signals. */
export function productProfile(name: SourceProfileName): SourceProfile | undefined {
  return name === 'signal' || name === 'cloudevents' ? undefined : PRODUCT_PROFILES[name];
}
