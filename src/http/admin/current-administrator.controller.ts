import { Controller, Get, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { SsfError } from '../../core/errors.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import { AdminController, RequireRole } from './admin-api.decorators.js';
import { administratorOf } from './administrator.js';
import { CurrentAdministratorDto } from './dto/current-administrator.dto.js';

@AdminController('Administrators')
@Controller('api/v1/me')
export class CurrentAdministratorController {
  /** As the audit log knows the caller, with the role of this very token: for consoles, to offer what is allowed. */
  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'getCurrentAdministrator', summary: 'Who the caller is' })
  @ApiResponse({ status: 200, type: CurrentAdministratorDto })
  get(@Req() request: AnyRequest): CurrentAdministratorDto {
    const administrator = administratorOf(request);
    if (!administrator) throw new SsfError('internal', 'the route has no admin guard');
    const { id, name = null, role } = administrator;
    return { id, name, role };
  }
}
