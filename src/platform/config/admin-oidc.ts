import { ADMIN_ROLES, type AdminRole, isAdminRole } from '../../core/admin-role.js';
import { parseDocumentUrl, parseUrl, SettingError } from './setting-parsers.js';

/** The OpenID provider whose users and services administrate. */
export interface AdminOidcOptions {
  /** `iss` of its tokens, exactly: with the slash at its end, if it has one there */
  readonly issuer: string;
  /** that `aud` of a token must be, or have among others */
  readonly audience: string;
  /** Where its keys are. Default: where its metadata say (RFC 8414, OpenID Connect Discovery). */
  readonly jwksUri?: string | undefined;
  /** The claim with the roles, a string or several; dots lead into objects: `realm_access.roles`. Default: `roles`. */
  readonly roleClaim?: string | undefined;
  /** What its roles are here, by their names there. Default: the same names. */
  readonly roles?: Readonly<Record<string, AdminRole>> | undefined;
}

/** The same with its defaults. */
export interface AdminOidc extends AdminOidcOptions {
  readonly roleClaim: string;
  readonly roles: Readonly<Record<string, AdminRole>>;
}

const SAME_NAMES = Object.fromEntries(ADMIN_ROLES.map((role) => [role, role]));

/** Throws {@link SettingError} naming the option. */
export function resolveAdminOidc(options: AdminOidcOptions): AdminOidc {
  const { issuer, audience, jwksUri, roleClaim = 'roles', roles = SAME_NAMES } = options;
  checkUrl('adminOidc.issuer', issuer, parseUrl);
  if (jwksUri !== undefined) checkUrl('adminOidc.jwksUri', jwksUri, parseDocumentUrl);
  // Object.values: a role that is not a string at all comes from a host without types
  const isWrong = !Object.values<unknown>(roles).every(isAdminRole) || Object.keys(roles).length === 0;
  if (isWrong) throw new SettingError(`must map to some of ${ADMIN_ROLES.join(', ')}`, 'adminOidc.roles');
  if (audience === '') throw new SettingError('must not be empty', 'adminOidc.audience');
  if (roleClaim === '') throw new SettingError('must not be empty', 'adminOidc.roleClaim');
  return { issuer, audience, jwksUri, roleClaim, roles };
}

function checkUrl(option: string, value: string, parse: (value: string) => string): void {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof SettingError) throw new SettingError(error.problem, option, error);
    throw error;
  }
}
