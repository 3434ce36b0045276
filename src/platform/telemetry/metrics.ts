import { Injectable, Logger } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: from a receiver on the same machine to one that uses all the time that it has. */
const PUSH_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds: from at once to the end of an outage of days. */
const LATENCY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300, 3_600, 86_400];
/** Seconds that a value of the database is told again, however often somebody asks. */
const FRESH_MS = 2_000;
const MIN_EVENT_LOOP_LOOKS_MS = 100;

interface GaugeOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
  readonly collect?: () => Promise<void>;
}

/**
 * What this process has done and how it stands, for Prometheus: names and labels as its conventions ask, base units,
 * no label that grows with the number of users, SETs or streams. A registry of its own, which a host may merge with
 * its own one.
 *
 * @example
 * Registry.merge([register, app.get(SsfMetrics).registry]).metrics();
 */
@Injectable()
export class SsfMetrics {
  readonly registry = new Registry();
  private readonly logger = new Logger('Metrics');

  readonly signalsRecorded = this.counter('ssf_signals_recorded_total', 'Signals that were reported', [
    'type',
    'outcome',
  ]);
  readonly setsEnqueued = this.counter('ssf_sets_enqueued_total', 'SETs that were put into a queue', [
    'event_type',
    'method',
  ]);
  readonly setsSuppressed = this.counter(
    'ssf_sets_suppressed_total',
    'Streams that got no SET of a signal, by reason',
    ['reason'],
  );
  readonly setsEnded = this.counter(
    'ssf_sets_ended_total',
    'SETs that left a queue, by what became of them',
    ['outcome', 'method'],
  );
  readonly pushAttempts = this.counter('ssf_push_attempts_total', 'Pushes, by what came of them', [
    'outcome',
    'code_class',
  ]);
  readonly pushDuration = this.histogram('ssf_push_duration_seconds', 'Time until a push is answered', {
    buckets: PUSH_BUCKETS,
  });
  readonly deliveryLatency = this.histogram(
    'ssf_delivery_latency_seconds',
    'From the fan-out of a signal until its SET is acknowledged',
    { buckets: LATENCY_BUCKETS, labels: ['method'] },
  );
  readonly pollRequests = this.counter('ssf_poll_requests_total', 'Poll requests that were let in', []);
  readonly pollAcks = this.counter('ssf_poll_acks_total', 'SETs that were acknowledged by poll', []);
  readonly pollSetErrors = this.counter('ssf_poll_set_errors_total', 'SETs that were refused by poll', [
    'err',
  ]);
  readonly failedAuthentications = this.counter(
    'ssf_failed_authentications_total',
    'Requests that were refused since nobody was authenticated, by API',
    ['api', 'reason'],
  );
  readonly streamFailures = this.counter(
    'ssf_stream_failures_total',
    'Times that a stream began to wait, or waits longer, since its pushes fail',
    [],
  );
  readonly streamFailureAlerts = this.counter(
    'ssf_stream_failure_alerts_total',
    'Streams that have known nothing but failure for so many percent of the time after which they are paused',
    ['percent'],
  );
  readonly signingErrors = this.counter(
    'ssf_signing_errors_total',
    'Calls of the remote signer that failed, by what was wrong; SETs wait meanwhile',
    ['reason'],
  );
  readonly payloadsExpunged = this.counter(
    'ssf_payloads_expunged_total',
    'Signals and SETs that lost what they told of people, the payload retention after they ended',
    ['kind'],
  );
  readonly leases = this.gauge({
    name: 'ssf_leases',
    help: 'Streams that this process pushes to at the moment',
  });
  readonly leasesLost = this.counter(
    'ssf_lease_lost_total',
    'Streams that this process worked on and another took over, or that were deleted',
    [],
  );
  readonly tickDuration = this.histogram(
    'ssf_tick_duration_seconds',
    'Time of a turn of the delivery engine',
    {
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    },
  );
  readonly lastTick = this.gauge({
    name: 'ssf_last_tick_timestamp_seconds',
    help: 'When the delivery engine last ended a turn without an error',
  });
  private readonly collectErrors = this.counter(
    'ssf_metrics_errors_total',
    'Values that could not be read from the database and are missing',
    ['metric'],
  );

  /** The usual metrics of a process of Node; left to the host where there is one. */
  collectProcessMetrics(build: { readonly version: string }): void {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: MIN_EVENT_LOOP_LOOKS_MS });
    this.gauge({ name: 'ssf_build_info', help: 'What runs here', labels: ['version', 'node'] }).set(
      { version: build.version, node: process.version },
      1,
    );
  }

  /**
   * Values that `read` fetches when somebody asks, though not more often than every two seconds: one for each set of
   * labels. What cannot be read is missing, and counted; all else is told.
   */
  observe<Label extends string>(
    options: GaugeOptions<Label>,
    read: () => Promise<readonly { readonly labels: Record<Label, string>; readonly value: number }[]>,
  ): void {
    let readAt = -Infinity;
    const collect = async (): Promise<void> => {
      if (performance.now() - readAt < FRESH_MS) return;
      gauge.reset();
      // without labels there would be a zero, which nobody read
      gauge.remove({});
      try {
        for (const { labels, value } of await read()) gauge.set(labels, value);
        readAt = performance.now();
      } catch (error) {
        this.collectErrors.inc({ metric: options.name });
        this.logger.warn({ err: error, metric: options.name }, 'a metric could not be read');
      }
    };
    const gauge = this.gauge({ ...options, collect });
  }

  private counter<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  private gauge<Label extends string>(options: GaugeOptions<Label>): Gauge<Label> {
    const { labels = [], ...rest } = options;
    return new Gauge({ ...rest, labelNames: labels, registers: [this.registry] });
  }

  private histogram<Label extends string = never>(
    name: string,
    help: string,
    { buckets, labels = [] }: { buckets: number[]; labels?: readonly Label[] },
  ): Histogram<Label> {
    return new Histogram({ name, help, buckets, labelNames: labels, registers: [this.registry] });
  }
}
