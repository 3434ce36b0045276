import { audited } from '../audit/audited.js';
import type { AdminToken } from './admin-token.entity.js';

export const auditedAdminToken = audited<AdminToken>('name', 'role', 'expiresAt');
