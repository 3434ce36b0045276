import { audited } from '../audit/audited.js';
import type { Provider } from './provider.entity.js';

export const auditedProvider = audited<Provider>(
  'slug',
  'name',
  'issuer',
  'defaultSubjects',
  'signingAlgorithm',
  'keyRotationDays',
  'eventRetentionDays',
  'specVersion',
  'trustedIssuers',
  'legacyDeliveryUris',
  'eventMapping',
  'foldRepeats',
);
