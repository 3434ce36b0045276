import { readFileSync } from 'node:fs';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SsfMetrics } from '../platform/telemetry/metrics.js';

/** For Prometheus. Nothing in it tells of a user, a receiver or a secret, so it asks for no token. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: SsfMetrics) {
    metrics.collectProcessMetrics({ version: packageVersion() });
  }

  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

/** The same from dist/server and from src/server. */
function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
