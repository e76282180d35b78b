import { type DatabaseConfiguration, databaseSessionUrl } from '@trefoil/server-kit';
import pg from 'pg';
import { CONFIG } from '../../config.js';
import { SECURITY_EVENTS_CHANNEL } from '../../security-events/security-events.js';
import type { Installation } from '../installation.js';

/** Milliseconds between two looks without a notification: only revocations notify, and the connection may break. */
const LOOK_EVERY = 500;

/** Yields whenever new events may exist: on each notification (`LISTEN`) and at a fixed interval, until aborted. */
export async function* eventWakeUps({ get }: Installation, signal: AbortSignal): AsyncGenerator<void> {
  const listener = new pg.Client({ connectionString: databaseSessionUrl(get<DatabaseConfiguration>(CONFIG)) });
  let wake = () => {};
  listener.on('notification', () => wake());
  // Without the connection, the interval alone wakes the reader.
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
