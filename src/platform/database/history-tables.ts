/** The tables of the history: a partition per UTC day, by ids that hold their time (docs/adr/0005-uuidv7-partitions.md). */
export const HISTORY_TABLES = ['security_event_token', 'attempt', 'signal_outcome', 'signal'] as const;
export type HistoryTable = (typeof HISTORY_TABLES)[number];
