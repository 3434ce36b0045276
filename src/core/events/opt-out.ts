import { RISC } from './event-uris.js';

/** RISC 1.0 section 2.8, with the words of `opt-out-effective`; the order is from the least to the most that is kept back. */
export const OPT_OUT_STATES = ['opt-in', 'opt-out-initiated', 'opt-out'] as const;
export type OptOutState = (typeof OPT_OUT_STATES)[number];

const TRANSITIONS: Readonly<Record<string, (state: OptOutState) => OptOutState>> = {
  [RISC.optIn]: () => 'opt-in',
  [RISC.optOutInitiated]: (state) => (state === 'opt-out' ? 'opt-out' : 'opt-out-initiated'),
  [RISC.optOutCancelled]: (state) => (state === 'opt-out' ? 'opt-out' : 'opt-in'),
  [RISC.optOutEffective]: () => 'opt-out',
};

export function isOptOutEvent(eventType: string): boolean {
  return Object.hasOwn(TRANSITIONS, eventType);
}

/**
 * The state after an event, RISC 1.0 section 2.8. The identity provider's word is taken where the section has no
 * arrow, unless that would let events go again: an opt-out may take effect at once, and once it has, only opt-in ends
 * it, no late `initiated` or `cancelled`.
 */
export function nextOptOutState(state: OptOutState, eventType: string): OptOutState {
  return TRANSITIONS[eventType]?.(state) ?? state;
}

/** The one in which less is sent. */
export function stricterState(one: OptOutState, other: OptOutState): OptOutState {
  return OPT_OUT_STATES.indexOf(one) < OPT_OUT_STATES.indexOf(other) ? other : one;
}
