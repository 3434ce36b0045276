import { describe, expect, it } from 'vitest';
import { POLL, PUSH } from '../streams/delivery-method.js';
import { buildMetadata, validateMetadata, type MetadataInput } from './transmitter-metadata.js';

const input: MetadataInput = {
  issuer: 'https://idp.acme.test/t/blue',
  jwksUri: 'https://idp.acme.test/t/blue/jwks.json',
  deliveryMethods: [PUSH, POLL],
  configurationEndpoint: 'https://idp.acme.test/t/blue/streams',
  statusEndpoint: 'https://idp.acme.test/t/blue/status',
  verificationEndpoint: 'https://idp.acme.test/t/blue/verify',
  defaultSubjects: 'ALL',
};

describe('buildMetadata', () => {
  it('builds what the interoperability profile asks for', () => {
    expect(validateMetadata(buildMetadata(input), 'iop')).toEqual([]);
  });

  it('has the names of the specification', () => {
    const metadata = buildMetadata({
      ...input,
      addSubjectEndpoint: 'https://idp.acme.test/t/blue/subjects/add',
      removeSubjectEndpoint: 'https://idp.acme.test/t/blue/subjects/remove',
      criticalSubjectMembers: ['tenant'],
    });

    expect(metadata).toEqual({
      spec_version: '1_0',
      issuer: 'https://idp.acme.test/t/blue',
      jwks_uri: 'https://idp.acme.test/t/blue/jwks.json',
      delivery_methods_supported: ['urn:ietf:rfc:8935', 'urn:ietf:rfc:8936'],
      configuration_endpoint: 'https://idp.acme.test/t/blue/streams',
      status_endpoint: 'https://idp.acme.test/t/blue/status',
      add_subject_endpoint: 'https://idp.acme.test/t/blue/subjects/add',
      remove_subject_endpoint: 'https://idp.acme.test/t/blue/subjects/remove',
      verification_endpoint: 'https://idp.acme.test/t/blue/verify',
      critical_subject_members: ['tenant'],
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }, { spec_urn: 'urn:ietf:rfc:6750' }],
      default_subjects: 'ALL',
    });
  });

  it('leaves out what is absent or empty', () => {
    const metadata = buildMetadata({ ...input, criticalSubjectMembers: [], authorizationSchemes: [] });

    expect(Object.keys(metadata)).not.toContain('critical_subject_members');
    expect(Object.keys(metadata)).not.toContain('authorization_schemes');
    expect(Object.keys(metadata)).not.toContain('add_subject_endpoint');
  });

  it('takes another version for older receivers, which the profile refuses', () => {
    const metadata = buildMetadata({ ...input, specVersion: '1_0-ID3' });

    expect(validateMetadata(metadata, 'spec')).toEqual([]);
    expect(validateMetadata(metadata, 'iop')).not.toEqual([]);
  });
});

describe('validateMetadata', () => {
  it('allows members that it does not know', () => {
    expect(validateMetadata({ ...buildMetadata(input), x_acme: [] }, 'iop')).toEqual([]);
  });

  it('refuses what is not an object', () => {
    expect(validateMetadata([], 'spec')).toEqual([{ member: 'metadata', message: 'must be object' }]);
  });
});
