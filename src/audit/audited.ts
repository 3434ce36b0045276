import { isDeepStrictEqual } from 'node:util';

/** Members and their values. */
export type Shown = Readonly<Record<string, unknown>>;

/** How something was and how it is, by the members that are not the same. */
export interface Difference {
  readonly before: Shown;
  readonly after: Shown;
}

export interface Audited<Entity> {
  readonly members: readonly (keyof Entity & string)[];
  /** What the audit log may say of one. */
  of(this: void, entity: Entity): Shown;
  /** Undefined: nothing that the audit log would show has changed. */
  difference(this: void, before: Entity, after: Entity): Difference | undefined;
}

/**
 * What the audit log shows of entities of a kind: these members and no others, so that a column with a secret stays out
 * of it unless somebody names it here.
 */
export function audited<Entity extends object>(...members: (keyof Entity & string)[]): Audited<Entity> {
  const shown = (entity: Entity, names: readonly (keyof Entity & string)[]): Shown =>
    Object.fromEntries(names.map((name) => [name, entity[name]]));
  return {
    members,
    of: (entity) => shown(entity, members),
    difference: (before, after) => {
      const changed = members.filter((name) => !isDeepStrictEqual(before[name], after[name]));
      return changed.length === 0
        ? undefined
        : { before: shown(before, changed), after: shown(after, changed) };
    },
  };
}
