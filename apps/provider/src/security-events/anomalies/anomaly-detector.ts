import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { describeError } from '@trefoil/server-kit';
import { LockTimeoutError, type StateStore } from '@trefoil/state-store';
import { DataSource } from 'typeorm';
import { DATABASE_STATE } from '../../database/state-store.module.js';
import { FlaggedAnomalies } from './flagged-anomalies.js';
import { ANOMALY_RULES } from './anomaly-rules.js';

const INTERVAL_MILLISECONDS = 10_000;
const LOCK = { ttlSeconds: 60, waitMilliseconds: 0 };

/**
 * Applies every anomaly rule every ten seconds and flags the findings.
 *
 * The rules read committed rows only, so that no request waits for them and a rollback is never flagged. One replica at
 * a time does the work; the database makes sure that each finding is flagged once.
 */
@Injectable()
export class AnomalyDetector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AnomalyDetector.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly flagged: FlaggedAnomalies,
    @Inject(DATABASE_STATE) private readonly store: StateStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.runAlone(), INTERVAL_MILLISECONDS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Applies every rule once and returns the number of flagged anomalies. When one rule fails, the others still run. */
  async run(now = new Date()): Promise<number> {
    let flagged = 0;
    for (const rule of ANOMALY_RULES) {
      try {
        for (const finding of await rule.find(this.dataSource.manager, now)) {
          if (await this.flagged.flag(rule, finding, now)) flagged++;
        }
      } catch (error) {
        this.logger.warn(`The anomaly rule ${rule.name} failed and will run again: ${describeError(error)}`);
      }
    }
    await this.flagged.removeOld(now);
    return flagged;
  }

  private runAlone(): Promise<void> {
    this.running ??= this.store
      .withLock('anomaly-watch', async () => void (await this.run()), LOCK)
      .catch((error: unknown) => {
        // On a lock timeout another replica does the work.
        if (!(error instanceof LockTimeoutError)) this.logger.warn(`Anomaly detection failed: ${describeError(error)}`);
      })
      .finally(() => (this.running = undefined));
    return this.running;
  }
}
