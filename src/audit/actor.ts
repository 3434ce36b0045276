export const ACTOR_KINDS = ['administrator', 'receiver', 'system'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** On whose behalf something is changed. Whoever changes something that is audited gets it passed. */
export interface Actor {
  readonly kind: ActorKind;
  /**
   * administrator: `bootstrap` (the token of the settings), the id of an admin token, `issuer subject` of a JWT, or what
   * the host says; receiver: its application; system: the task
   */
  readonly id?: string | undefined;
  /** how people call an administrator */
  readonly name?: string | undefined;
  /** of the client, as the proxies that are trusted tell it */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

/** What this product changes by itself. */
export type SystemTask = 'inactivity' | 'failing-push' | 'key-rotation' | 'hold-limit' | 'retention';

export function system(task: SystemTask): Actor {
  return { kind: 'system', id: task };
}
