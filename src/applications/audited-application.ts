import { audited, type Shown } from '../audit/audited.js';
import type { Change } from '../audit/record-change.js';
import type { Application } from './application.entity.js';
import type { ApplicationToken } from './application-token.entity.js';
import type { OAuthClient } from './oauth-client.entity.js';

export const auditedApplication = audited<Application>(
  'slug',
  'name',
  'audience',
  'subjectFormat',
  'pairwiseSubjects',
  'allowedEvents',
  'allowedDeliveryMethods',
  'pushUrlAllowList',
  'allowedGroups',
  'allowedTenants',
  'clientId',
  'autoSubscribe',
  'verifyOnCreate',
  'legacyProfile',
  'maxStreams',
  'inactivityTimeoutSeconds',
);

export const auditedToken = audited<ApplicationToken>('name', 'scopes', 'expiresAt');

/** The keys are public ones alone. */
export const auditedClient = audited<OAuthClient>('name', 'tokenEndpointAuthMethod', 'jwks', 'scopes');

export function scopeOf({
  id,
  providerId,
}: Pick<Application, 'id' | 'providerId'>): Pick<Change, 'providerId' | 'applicationId'> {
  return { providerId, applicationId: id };
}

/** `toll`: what goes with it */
export function deletionOf(application: Application, toll: Shown): Change {
  return {
    action: 'application.deleted',
    ...scopeOf(application),
    before: auditedApplication.of(application),
    after: toll,
  };
}
