import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { describeError } from '@trefoil/server-kit';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { EventStreams } from './event-streams.js';

const INTERVAL_MILLISECONDS = 60_000;

/** Pauses streams with inactive receivers (SSF 1.0 §8.1.1), and restarts streams after a restore of the database. */
@Injectable()
export class StreamMaintenance implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StreamMaintenance.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly streams: EventStreams,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'STREAM_INACTIVITY_TIMEOUT'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.run();
    this.timer = setInterval(() => void this.run(), INTERVAL_MILLISECONDS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Runs once. Several replicas may run at the same time. */
  run(): Promise<void> {
    this.running ??= this.runOnce()
      // The database is down. The next run follows in a minute.
      .catch((error: unknown) => this.logger.warn(`Event streams cannot be maintained now: ${describeError(error)}`))
      .finally(() => (this.running = undefined));
    return this.running;
  }

  private async runOnce(): Promise<void> {
    const restarted = await this.streams.restartAfterRestore();
    if (restarted > 0) this.logger.warn(`${restarted} event streams were restarted after a restore of the database`);
    const paused = await this.streams.pauseInactive(this.config.STREAM_INACTIVITY_TIMEOUT, {
      poll: 'the receiver has not polled for too long',
      push: 'the receiver has accepted no events for too long',
    });
    for (const id of paused) this.logger.warn(`Event stream ${id} was paused because its receiver is inactive`);
  }
}
