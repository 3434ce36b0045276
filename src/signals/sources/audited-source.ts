import { audited } from '../../audit/audited.js';
import type { SignalSource } from './signal-source.entity.js';

/** Not its credential: that it was changed is an action of its own. */
export const auditedSource = audited<SignalSource>('slug', 'name', 'profile', 'unmapped');
