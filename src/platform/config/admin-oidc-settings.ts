import { ADMIN_ROLES, type AdminRole, isAdminRole } from '../../core/admin-role.js';
import type { AdminOidcOptions } from './admin-oidc.js';
import type { Setting } from './setting.js';
import { parseDocumentUrl, parseListSetting, parseUrl, SettingError } from './setting-parsers.js';

export const ADMIN_OIDC_SETTINGS = {
  issuer: {
    name: 'SSF_ADMIN_OIDC_ISSUER',
    summary:
      'OpenID provider whose JWTs open the admin API: `iss` of its tokens, exactly as it is there. Needs `SSF_ADMIN_OIDC_AUDIENCE`. See [administrators](administrators.md#administrators-of-your-openid-provider).',
    defaultText: 'none',
    parse: exactUrl,
  },
  audience: {
    name: 'SSF_ADMIN_OIDC_AUDIENCE',
    summary: 'What `aud` of these JWTs must be, or have among others.',
    defaultText: 'none',
    parse: (value) => value,
  },
  jwksUri: {
    name: 'SSF_ADMIN_OIDC_JWKS_URI',
    summary: 'Where the keys of that issuer are.',
    defaultText: 'where its metadata say',
    parse: parseDocumentUrl,
  },
  roleClaim: {
    name: 'SSF_ADMIN_OIDC_ROLE_CLAIM',
    summary:
      'Claim with the roles of an administrator, a string or an array of them. Dots lead into objects, as in `realm_access.roles`.',
    defaultText: '`roles`',
    parse: (value) => value,
  },
  roles: {
    name: 'SSF_ADMIN_OIDC_ROLES',
    summary: `What the roles in that claim are here, as in \`idp-admins=admin,idp-ops=operator\`: ${ADMIN_ROLES.join(', ')}. Of several the highest counts.`,
    defaultText: `\`${ADMIN_ROLES.map((role) => `${role}=${role}`).join(',')}\``,
    parse: parseAdminRoles,
  },
} satisfies Record<string, Setting<unknown>>;

/** Undefined without an issuer. Throws {@link SettingError}. */
export function adminOidcOf(
  read: <Value>(setting: Setting<Value>) => Value | undefined,
): AdminOidcOptions | undefined {
  const settings = ADMIN_OIDC_SETTINGS;
  const issuer = read(settings.issuer);
  if (issuer === undefined) {
    const lonely = Object.values<Setting<unknown>>(settings).find((setting) => read(setting) !== undefined);
    if (lonely) throw new SettingError('is of use only with SSF_ADMIN_OIDC_ISSUER', lonely.name);
    return undefined;
  }
  const audience = read(settings.audience);
  if (audience === undefined)
    throw new SettingError('is required when SSF_ADMIN_OIDC_ISSUER is set', settings.audience.name);
  return {
    issuer,
    audience,
    jwksUri: read(settings.jwksUri),
    roleClaim: read(settings.roleClaim),
    roles: read(settings.roles),
  };
}

/** As it stands: issuers are compared letter by letter. */
function exactUrl(value: string): string {
  parseUrl(value);
  return value;
}

function parseAdminRoles(value: string): Record<string, AdminRole> {
  const pairs = parseListSetting(value).map((pair): [string, AdminRole] => {
    const at = pair.lastIndexOf('=');
    const [theirs, role] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 0 || theirs === '' || !isAdminRole(role))
      throw new SettingError(
        `must be such as idp-admins=admin,idp-ops=operator, with the roles ${ADMIN_ROLES.join(', ')}`,
      );
    return [theirs, role];
  });
  return Object.fromEntries(pairs);
}
