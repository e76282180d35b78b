import pg from 'pg';
import { timeLeft } from './request-time.js';

type Callback = (error: Error | null, result?: pg.QueryResult) => void;

/**
 * A connection whose statements have only the time that their request has left. A statement that exceeds it takes the
 * connection with it: a hanging server would answer the rollback no sooner than the statement.
 */
export class TimeLimitedClient extends pg.Client {
  // The overloads of the base class cannot be overridden one by one.
  override query: pg.Client['query'] = ((config: unknown, values?: unknown, callback?: unknown): unknown => {
    const query = super.query.bind(this) as (...given: unknown[]) => unknown;
    if (typeof config !== 'string' && !isPlainQuery(config)) return query(config, values, callback);
    const limited = { ...(typeof config === 'string' ? { text: config } : config), query_timeout: timeLeft() };
    if (typeof values === 'function') return query(limited, this.ending(values as Callback));
    if (typeof callback === 'function') return query(limited, values, this.ending(callback as Callback));
    return (query(limited, values) as Promise<pg.QueryResult>).catch((error: unknown) => {
      this.endIfTimedOut(error);
      throw error;
    });
  }) as pg.Client['query'];

  private ending(callback: Callback): Callback {
    return (error, result) => {
      this.endIfTimedOut(error);
      callback(error, result);
    };
  }

  private endIfTimedOut(error: unknown): void {
    if (error instanceof Error && error.message === 'Query read timeout') this.connection.stream.destroy();
  }
}

/** Whether it is a statement, and not a cursor or another object that submits itself. */
const isPlainQuery = (config: unknown): config is pg.QueryConfig =>
  typeof config === 'object' && config !== null && !('submit' in config);
