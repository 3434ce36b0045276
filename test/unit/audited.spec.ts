import { getMetadataArgsStorage } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { AdminToken } from '../../src/administrators/admin-token.entity.js';
import { auditedAdminToken } from '../../src/administrators/audited-admin-token.js';
import { ApplicationToken } from '../../src/applications/application-token.entity.js';
import { Application } from '../../src/applications/application.entity.js';
import {
  auditedApplication,
  auditedClient,
  auditedToken,
} from '../../src/applications/audited-application.js';
import { OAuthClient } from '../../src/applications/oauth-client.entity.js';
import { auditedProvider } from '../../src/providers/audited-provider.js';
import { Provider } from '../../src/providers/provider.entity.js';
import { auditedKey } from '../../src/signing-keys/audited-key.js';
import { SigningKey } from '../../src/signing-keys/signing-key.entity.js';
import { auditedStream } from '../../src/streams/audited-stream.js';
import { auditedSource } from '../../src/signals/sources/audited-source.js';
import { SignalSource } from '../../src/signals/sources/signal-source.entity.js';
import { Stream } from '../../src/streams/stream.entity.js';

const IDS = ['id', 'providerId', 'applicationId'];
const TIMES = ['createdAt', 'updatedAt'];
const COUNTS = ['version'];

describe('what the audit log shows', () => {
  // a new column is either shown or left out on purpose
  it.each([
    ['providers', Provider, auditedProvider, []],
    ['signing keys', SigningKey, auditedKey, ['privateKey', 'publicJwk', 'statusChangedAt']],
    ['applications', Application, auditedApplication, ['pairwiseSecret']],
    ['tokens', ApplicationToken, auditedToken, ['tokenHash']],
    ['admin tokens', AdminToken, auditedAdminToken, ['tokenHash', 'lastUsedAt']],
    ['OAuth clients', OAuthClient, auditedClient, ['secretHash']],
    ['signal sources', SignalSource, auditedSource, ['tokenHash', 'signingSecret']],
    ['streams', Stream, auditedStream, ['authorizationHeader']],
  ])(
    'of %s is every column but its ids, its times, its version and its secrets',
    (_, entity, { members }, leftOut) => {
      const columns = getMetadataArgsStorage()
        .columns.filter(({ target }) => target === entity)
        .map(({ propertyName }) => propertyName);

      const shown = columns.filter((name) => ![...IDS, ...TIMES, ...COUNTS, ...leftOut].includes(name));

      expect(members.toSorted()).toEqual(shown.toSorted());
    },
  );

  it('of a change are the members that are not the same, whatever their type', () => {
    const before = { slug: 'a', trustedIssuers: [{ issuer: 'x', audience: 'y' }], keyRotationDays: null };
    const same = { ...before, trustedIssuers: [{ issuer: 'x', audience: 'y' }] };
    const after = { ...same, keyRotationDays: 30 };

    expect(auditedProvider.difference(before as never, same as never)).toBeUndefined();
    expect(auditedProvider.difference(before as never, after as never)).toEqual({
      before: { keyRotationDays: null },
      after: { keyRotationDays: 30 },
    });
  });
});
