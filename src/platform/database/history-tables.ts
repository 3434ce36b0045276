/** The tables of the history: a partition per UTC day, by ids that hold their time (docs/adr/0005-uuidv7-partitions.md). */
export const HISTORY_TABLES = ['signal', 'signal_outcome', 'security_event_token', 'attempt'] as const;
export type HistoryTable = (typeof HISTORY_TABLES)[number];
