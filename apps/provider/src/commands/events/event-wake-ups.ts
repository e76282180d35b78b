import pg from 'pg';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { SECURITY_EVENTS_CHANNEL } from '../../security-events/security-events.js';
import type { Installation } from '../installation.js';

/** Only events that end something are told of, and a connection may break: this often one looks anyway, in milliseconds. */
const LOOK_EVERY = 500;

/** Says when it is time to look for new events: when some are told of (`LISTEN`), and all the time; until aborted. */
export async function* eventWakeUps({ get }: Installation, signal: AbortSignal): AsyncGenerator<void> {
  const { DATABASE_URL } = get<Pick<ProviderConfig, 'DATABASE_URL'>>(CONFIG);
  const listener = new pg.Client({ connectionString: DATABASE_URL });
  let wake = () => {};
  listener.on('notification', () => wake());
  // Then the clock is all there is.
  listener.on('error', () => undefined);
  const listening = listener.connect().then(() => listener.query(`LISTEN ${SECURITY_EVENTS_CHANNEL}`));
  listening.catch(() => undefined);
  const stop = () => wake();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      yield;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signal.aborted) wake();
      });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await listening.catch(() => undefined);
    await listener.end().catch(() => undefined);
  }
}
