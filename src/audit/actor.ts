export const ACTOR_KINDS = ['administrator', 'receiver', 'system'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** On whose behalf something is changed. Whoever changes something that is audited gets it passed. */
export interface Actor {
  readonly kind: ActorKind;
  /** receiver: its application; system: the task */
  readonly id?: string | undefined;
  /** of the client, as the proxies that are trusted tell it */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

/** What this product changes by itself. */
export type SystemTask = 'inactivity' | 'failing-push' | 'key-rotation' | 'hold-limit' | 'retention';

export function system(task: SystemTask): Actor {
  return { kind: 'system', id: task };
}
