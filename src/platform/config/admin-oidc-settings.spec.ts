import { describe, expect, it } from 'vitest';
import { readServerSettings } from './env.js';
import { resolveOptions, type SsfOptions } from './ssf-options.js';

const ISSUER = 'https://idp.example/application/o/ssf/';
const GIVEN = { SSF_ADMIN_OIDC_ISSUER: ISSUER, SSF_ADMIN_OIDC_AUDIENCE: 'ssf-admin' };
const WITH_DATABASE = {
  DATABASE_URL: 'postgres://u@127.0.0.1:9/db',
  SSF_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};

describe('the OpenID provider of administrators', () => {
  it('is nobody unless it is set', () => {
    expect(readServerSettings({}).adminOidc).toBeUndefined();
  });

  it('keeps its issuer to the letter, with its slash', () => {
    expect(readServerSettings(GIVEN).adminOidc).toMatchObject({ issuer: ISSUER, audience: 'ssf-admin' });
  });

  it('has roles by the names that it gives them', () => {
    const settings = { ...GIVEN, SSF_ADMIN_OIDC_ROLES: 'idp-admins=admin, team=a=operator' };

    expect(readServerSettings(settings).adminOidc?.roles).toEqual({
      'idp-admins': 'admin',
      'team=a': 'operator',
    });
  });

  it('makes the token of the settings optional', () => {
    expect(readServerSettings({ ...WITH_DATABASE, ...GIVEN }).adminToken).toBeUndefined();
    expect(() => readServerSettings(WITH_DATABASE)).toThrow('SSF_ADMIN_TOKEN is required');
  });

  it.each([
    ['SSF_ADMIN_OIDC_AUDIENCE', { SSF_ADMIN_OIDC_ISSUER: ISSUER }],
    ['SSF_ADMIN_OIDC_AUDIENCE', { SSF_ADMIN_OIDC_AUDIENCE: 'ssf-admin' }],
    ['SSF_ADMIN_OIDC_ROLES', { SSF_ADMIN_OIDC_ROLES: 'a=admin' }],
    ['SSF_ADMIN_OIDC_ISSUER', { ...GIVEN, SSF_ADMIN_OIDC_ISSUER: 'http://idp.example' }],
    ['SSF_ADMIN_OIDC_JWKS_URI', { ...GIVEN, SSF_ADMIN_OIDC_JWKS_URI: 'keys' }],
    ['SSF_ADMIN_OIDC_ROLES', { ...GIVEN, SSF_ADMIN_OIDC_ROLES: 'idp-admins' }],
    ['SSF_ADMIN_OIDC_ROLES', { ...GIVEN, SSF_ADMIN_OIDC_ROLES: 'idp-admins=root' }],
    ['SSF_ADMIN_OIDC_ROLES', { ...GIVEN, SSF_ADMIN_OIDC_ROLES: '=admin' }],
  ])('is refused by the name of %s: %j', (name, env) => {
    expect(() => readServerSettings(env)).toThrow(new RegExp(`^${name} `));
  });
});

describe('the option adminOidc', () => {
  function resolved(options: Partial<SsfOptions>): ReturnType<typeof resolveOptions> {
    return resolveOptions({
      publicUrl: 'https://idp.example',
      encryptionKey: Buffer.alloc(32).toString('base64'),
      ...options,
    });
  }
  const adminOidc = { issuer: ISSUER, audience: 'ssf-admin' };

  it('has the claim roles and the same names unless it says otherwise', () => {
    expect(resolved({ adminOidc }).adminOidc).toEqual({
      ...adminOidc,
      jwksUri: undefined,
      roleClaim: 'roles',
      roles: { viewer: 'viewer', operator: 'operator', admin: 'admin' },
    });
  });

  it.each([
    ['adminOidc.issuer', { issuer: 'idp' }],
    ['adminOidc.audience', { audience: '' }],
    ['adminOidc.issuer', { issuer: `${ISSUER}?p=1` }],
    ['adminOidc.jwksUri', { jwksUri: 'http://idp.example/keys?p=1' }],
    ['adminOidc.jwksUri', { jwksUri: 'https://idp.example/keys#p' }],
    ['adminOidc.jwksUri', { jwksUri: 'https://ana@idp.example/keys' }],
    ['adminOidc.roleClaim', { roleClaim: '' }],
    ['adminOidc.roles', { roles: {} }],
    ['adminOidc.roles', { roles: { staff: 'root' as 'admin' } }],
  ])('is refused by the name %s', (name, members) => {
    expect(() => resolved({ adminOidc: { ...adminOidc, ...members } })).toThrow(new RegExp(`^${name} `));
  });

  it('may find the keys by a query, as those of Azure AD B2C', () => {
    const jwksUri = 'https://acme.b2clogin.example/acme/discovery/v2.0/keys?p=B2C_1_admins';

    expect(resolved({ adminOidc: { ...adminOidc, jwksUri } }).adminOidc?.jwksUri).toBe(jwksUri);
    expect(readServerSettings({ ...GIVEN, SSF_ADMIN_OIDC_JWKS_URI: jwksUri }).adminOidc?.jwksUri).toBe(
      jwksUri,
    );
  });

  it('or an authenticator of the host makes adminToken optional, but not short', () => {
    const adminAuthenticator = { authenticate: () => Promise.resolve(undefined) };

    expect(resolved({ adminOidc }).adminToken).toBeUndefined();
    expect(resolved({ adminAuthenticator }).adminToken).toBeUndefined();
    for (const options of [{}, { adminOidc, adminToken: 'short' }])
      expect(() => resolved(options)).toThrow(/^adminToken /);
  });
});
