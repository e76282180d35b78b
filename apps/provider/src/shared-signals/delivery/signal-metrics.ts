import { Injectable } from '@nestjs/common';
import { counter, labelledGauge, labelledHistogram, type LabelledValue } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';

type Method = 'poll' | 'push';

/** The metrics of event streams and their deliveries. */
@Injectable()
export class SignalMetrics {
  private readonly tokens = counter('security_event_tokens_total', 'Security event tokens, by method and outcome', [
    'method',
    'outcome',
  ]);
  private readonly lag = labelledHistogram(
    'security_event_delivery_seconds',
    'From the moment of an event until it is delivered, by method',
    ['method'],
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30, 300],
  );
  private readonly streams = labelledGauge('event_streams', 'Event streams, by status', ['status'], () =>
    this.countByStatus(),
  );

  constructor(private readonly dataSource: DataSource) {}

  /** All metrics, for the server to register. */
  get all() {
    return [this.tokens, this.lag, this.streams];
  }

  /** Counts a delivered event and the time since it occurred. */
  delivered(method: Method, occurredAt: Date): void {
    this.tokens.inc({ method, outcome: 'delivered' });
    this.lag.observe({ method }, Math.max(0, Date.now() - occurredAt.getTime()) / 1000);
  }

  /** Counts an event that the receiver will never accept. */
  refused(method: Method): void {
    this.tokens.inc({ method, outcome: 'refused' });
  }

  /** Counts a failed attempt that will be repeated. */
  failed(method: Method): void {
    this.tokens.inc({ method, outcome: 'failed' });
  }

  private async countByStatus(): Promise<LabelledValue<'status'>[]> {
    const rows = await this.dataSource.query<{ status: string; count: number }[]>(
      `SELECT status, count(id)::int AS count
       FROM unnest('{enabled,paused,disabled}'::text[]) AS status LEFT JOIN event_streams USING (status) GROUP BY status`,
    );
    return rows.map(({ status, count }) => [{ status }, count] as const);
  }
}
