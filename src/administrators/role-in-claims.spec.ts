import { describe, expect, it } from 'vitest';
import type { AdminRole } from '../core/admin-role.js';
import { roleInClaims } from './role-in-claims.js';

const ROLES: Record<string, AdminRole> = { 'idp-admins': 'admin', 'idp-ops': 'operator', staff: 'viewer' };

describe('the role that claims give', () => {
  it.each<[string, unknown, string, AdminRole | undefined]>([
    ['one in a string', { roles: 'idp-ops' }, 'roles', 'operator'],
    ['the highest of several', { roles: ['staff', 'idp-admins', 'idp-ops'] }, 'roles', 'admin'],
    ['one inside of an object', { realm_access: { roles: ['staff'] } }, 'realm_access.roles', 'viewer'],
    ['one deep inside', { a: { b: { c: 'staff' } } }, 'a.b.c', 'viewer'],
    [
      'one of a claim with dots in its name',
      { 'https://idp.example/roles': ['staff'] },
      'https://idp.example/roles',
      'viewer',
    ],
    ['none without the claim', {}, 'roles', undefined],
    ['none when the way to it ends early', { realm_access: 'roles' }, 'realm_access.roles', undefined],
    ['none for names that are not mapped', { roles: ['admin', 'root'] }, 'roles', undefined],
    ['none for a name in other letters', { roles: ['IDP-ADMINS'] }, 'roles', undefined],
    ['none for a name that is part of one', { roles: 'idp-admins staff' }, 'roles', undefined],
    ['none for what is no text', { roles: [7, null, { staff: true }] }, 'roles', undefined],
    ['none for what every object has', { roles: ['constructor', '__proto__'] }, 'roles', undefined],
    ['none of what every object has', {}, 'constructor.name', undefined],
  ])('is %s', (_, claims, claim, role) => {
    expect(roleInClaims(claims as Record<string, unknown>, claim, ROLES)).toBe(role);
  });
});
