import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { EventStreams } from '../streams/event-streams.js';
import { StreamOutbox } from '../streams/stream-outbox.js';

const LOOK_EVERY_MILLISECONDS = 60_000;

/** Pauses streams whose receivers are gone (SSF 1.0 §8.1.1), and starts those again that a restored database left behind. */
@Injectable()
export class InactiveStreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(InactiveStreams.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly streams: EventStreams,
    private readonly outbox: StreamOutbox,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'STREAM_INACTIVITY_TIMEOUT'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MILLISECONDS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Looks now; several replicas may do so at once. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce()
      // The database is down; in a minute it may be back.
      .catch((error: unknown) => this.logger.warn(`Streams were not looked at: ${String(error)}`))
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const restarted = await this.outbox.restartAfterRestore();
    if (restarted > 0) this.logger.warn(`${restarted} streams were ahead of the database, and have been started again`);
    const paused = await this.streams.pauseInactive(this.config.STREAM_INACTIVITY_TIMEOUT, {
      poll: 'nobody has polled it for too long',
      push: 'nothing was taken for too long',
    });
    for (const id of paused) this.logger.warn(`Stream ${id} was paused: its receiver is gone`);
  }
}
