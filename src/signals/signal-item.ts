import type { Problem } from '../core/errors.js';

/** Something that is to be a signal, and how what it came in calls the members of the signal. */
export interface SignalItem {
  readonly value: unknown;
  /** `subject.user` of the signal is `[3].data.subject.user` of a batch of CloudEvents, say; '' is the signal itself. */
  pathOf(this: void, member: string): string;
  /** What is wrong with what it came in: then there is no signal to look at. */
  readonly problems?: readonly Problem[];
}

/** `[3]` and `subject.user` make `[3].subject.user`. */
export function joinPath(path: string, member: string): string {
  return path && member ? `${path}.${member}` : path + member;
}

/** A signal, or an array of signals, as the body of a request has them. */
export function signalItems(body: unknown): SignalItem[] {
  if (!Array.isArray(body)) return [{ value: body, pathOf: (member) => member }];
  return body.map((value: unknown, index) => ({
    value,
    pathOf: (member) => joinPath(`[${index}]`, member),
  }));
}
