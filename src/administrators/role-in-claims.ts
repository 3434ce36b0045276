import { ADMIN_ROLES, type AdminRole } from '../core/admin-role.js';
import { isJsonObject } from '../core/json-object.js';

/**
 * The highest role that the claims of a token give; undefined: none. The claim is found by its whole name first, since
 * names may have dots in them (`https://idp.example/roles`), and then by its parts. It is a string or an array of them.
 *
 * @param roles what theirs are here
 * @example roleInClaims({ realm_access: { roles: ['idp-ops'] } }, 'realm_access.roles', { 'idp-ops': 'operator' }) // 'operator'
 */
export function roleInClaims(
  claims: Readonly<Record<string, unknown>>,
  claim: string,
  roles: Readonly<Record<string, AdminRole>>,
): AdminRole | undefined {
  const value = member(claims, claim) ?? claim.split('.').reduce<unknown>(member, claims);
  const theirs: unknown[] = Array.isArray(value) ? value : [value];
  const held = theirs.flatMap((name) =>
    typeof name === 'string' && Object.hasOwn(roles, name) ? [roles[name]] : [],
  );
  return ADMIN_ROLES.findLast((role) => held.includes(role));
}

function member(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
