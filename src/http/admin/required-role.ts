import type { OpenAPIObject } from '@nestjs/swagger';
import { isAdminRole } from '../../core/admin-role.js';

/** Metadata of a handler: the role that it needs (`RequireRole`). */
export const REQUIRED_ROLE = 'ssf:required-role';
/** The same in the description of its operation. */
export const ROLE_EXTENSION = 'x-ssf-role';

/**
 * Says the role of each operation where people and generators look for it, too: in its text, and in its security
 * requirement, which names roles when the scheme has no scopes (OpenAPI 3.1 section 4.8.30).
 */
export function showRoles(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths))
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      const role: unknown = operation && ROLE_EXTENSION in operation && operation[ROLE_EXTENSION];
      if (!operation || !isAdminRole(role)) continue;
      const text = `Needs the role \`${role}\`.`;
      operation.description = operation.description ? `${operation.description}\n\n${text}` : text;
      operation.security = operation.security?.map((each) => ('admin' in each ? { admin: [role] } : each));
    }
  return document;
}
