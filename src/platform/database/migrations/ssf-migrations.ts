import { InitialSchema1763700000000 } from './1763700000000-initial-schema.js';

/** The migrations of the `ssf` schema, oldest first. Immutable once released; a host may run them with its own. */
export const ssfMigrations = [InitialSchema1763700000000];
