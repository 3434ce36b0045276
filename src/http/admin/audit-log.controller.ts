import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { type AuditEntry, AuditLogService } from '../../audit/audit-log.service.js';
import type { Page } from '../../platform/paging/page.js';
import { AdminController, RequireRole } from './admin-api.decorators.js';
import {
  AuditEntryDto,
  AuditExportQueryDto,
  AuditLogPageDto,
  AuditLogQueryDto,
  toAuditEntryDto,
} from './dto/audit-entry.dto.js';

const NDJSON = 'application/x-ndjson';

@AdminController('Audit log')
@Controller('api/v1/audit-log')
export class AuditLogController {
  constructor(private readonly auditLog: AuditLogService) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listAuditLog', summary: 'List who changed what, newest first' })
  @ApiResponse({ status: 200, type: AuditLogPageDto })
  async list(@Query() { limit, cursor, ...filter }: AuditLogQueryDto): Promise<Page<AuditEntryDto>> {
    const { data, nextCursor } = await this.auditLog.list(filter, { limit, cursor });
    return { data: data.map(toAuditEntryDto), nextCursor };
  }

  /** One entry per line, oldest first, to the newest. An answer that breaks off is incomplete: go on `from` its last `at`. */
  @Get('export')
  @RequireRole('viewer')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ operationId: 'exportAuditLog', summary: 'Export the audit log as NDJSON' })
  @ApiResponse({
    status: 200,
    description: 'Each line is an entry as in the list.',
    content: { [NDJSON]: { schema: { type: 'string' } } },
  })
  async export(@Query() query: AuditExportQueryDto): Promise<StreamableFile> {
    const batches = this.auditLog.batches(query);
    // what cannot be read at all is an error, and no body that breaks off
    const first = await batches.next();
    const body = Readable.from(lines(first.done ? [] : first.value, batches), { objectMode: false });
    return new StreamableFile(body, { type: NDJSON });
  }
}

/** Text, a batch at a time; the next one is read when the client has taken the last. */
async function* lines(first: AuditEntry[], rest: AsyncGenerator<AuditEntry[]>): AsyncGenerator<string> {
  yield linesOf(first);
  for await (const entries of rest) yield linesOf(entries);
}

function linesOf(entries: readonly AuditEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(toAuditEntryDto(entry))}\n`).join('');
}
