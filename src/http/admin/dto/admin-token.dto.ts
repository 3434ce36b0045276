import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import type { AdminToken } from '../../../administrators/admin-token.entity.js';
import { ADMIN_ROLES, type AdminRole } from '../../../core/admin-role.js';
import { IsTimestamp, MayBeAbsent } from './dto.decorators.js';

export class CreateAdminTokenDto {
  /** Whose it is, or what it is for: the audit log names it. @example 'Ana' */
  @IsString()
  @Length(1, 100)
  name: string;

  /** `viewer` reads; `operator` also sends, repeats and pauses; `admin` may do everything. */
  @ApiProperty({ enum: ADMIN_ROLES })
  @IsIn(ADMIN_ROLES)
  role: AdminRole;

  /** Default: it does not expire. */
  @MayBeAbsent()
  @IsTimestamp()
  expiresAt?: Date;
}

/** The only answer that ever holds the token. */
export class CreatedAdminTokenDto {
  id: string;
  token: string;
}

export class AdminTokenDto {
  id: string;
  name: string;

  @ApiProperty({ enum: ADMIN_ROLES })
  role: AdminRole;

  expiresAt: Date | null;

  /** Up to a minute late. */
  lastUsedAt: Date | null;

  createdAt: Date;
}

export class AdminTokenPageDto {
  data: AdminTokenDto[];
  nextCursor: string | null;
}

export function toAdminTokenDto(token: AdminToken): AdminTokenDto {
  const { id, name, role, expiresAt, lastUsedAt, createdAt } = token;
  return { id, name, role, expiresAt, lastUsedAt, createdAt };
}
