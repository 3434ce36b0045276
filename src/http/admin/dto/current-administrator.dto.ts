import { ApiProperty } from '@nestjs/swagger';
import { ADMIN_ROLES, type AdminRole } from '../../../core/admin-role.js';

export class CurrentAdministratorDto {
  /** `actor.id` in the audit log: `bootstrap`, the id of an admin token, issuer and subject of a JWT. */
  id: string;

  /** `actor.name` in the audit log. */
  name: string | null;

  @ApiProperty({ enum: ADMIN_ROLES })
  role: AdminRole;
}
