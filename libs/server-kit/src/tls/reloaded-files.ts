import type { FastifyBaseLogger } from 'fastify';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import type { Gauge } from 'prom-client';
import { Degraded, type HealthCheck } from '../observability/health.js';
import { gauge } from '../observability/metrics.js';
import { describeError } from '../observability/serialize-error.js';

/** Reports a file of a certificate or key that cannot be used. The message names the file. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

const DEFAULT_INTERVAL = 10_000;

/** Describes the files to the people who see their state. */
export interface FilesDescription {
  /** The name of the check in `/health/ready`. */
  readonly check: string;
  /** The name of the metric that is 1 while the changed files cannot be used. */
  readonly metric: string;
}

/**
 * Keeps the content of files, and reads it again when they change, as cert-manager and agents of secret stores replace them.
 * Files that cannot be used are reported, and the old content stays.
 */
export class ReloadedFiles<T extends { readonly text: string }> {
  private held: T;
  private failure: string | undefined;

  /**
   * @param load reads the files. `text` is different when a file has changed.
   * @throws TlsFileError when the files cannot be used.
   */
  constructor(
    private readonly description: FilesDescription,
    private readonly load: () => T,
  ) {
    this.held = load();
  }

  get current(): T {
    return this.held;
  }

  /**
   * Checks the files regularly until a server closes.
   *
   * @param onChange is called when the content has changed.
   * @param interval the time between two checks, in milliseconds.
   */
  watch(server: Server, log: FastifyBaseLogger, onChange = () => {}, interval = DEFAULT_INTERVAL): void {
    const timer = setInterval(() => this.reload(log, onChange), interval).unref();
    server.once('close', () => clearInterval(timer));
  }

  /** The state that `/health/ready` shows: `degraded` while changed files cannot be used. */
  get healthCheck(): HealthCheck {
    return {
      name: this.description.check,
      check: async () => (this.failure === undefined ? undefined : new Degraded('not reloaded')),
    };
  }

  get metrics(): Gauge[] {
    const help = '1 while changed certificate files cannot be used, otherwise 0';
    return [gauge(this.description.metric, help, () => (this.failure === undefined ? 0 : 1))];
  }

  private reload(log: FastifyBaseLogger, onChange: () => void): void {
    try {
      const found = this.load();
      this.failure = undefined;
      if (found.text === this.held.text) return;
      this.held = found;
      onChange();
    } catch (error) {
      const reason = error instanceof TlsFileError ? error.message : describeError(error);
      if (reason !== this.failure) {
        log.error(`The changed certificate is not used, and the old one stays: ${reason}`);
      }
      this.failure = reason;
    }
  }
}

/**
 * Reads a file.
 *
 * @throws TlsFileError when that fails.
 */
export function readTlsFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new TlsFileError(`${path} cannot be read${code === undefined ? '' : ` (${code})`}.`, { cause });
  }
}

/**
 * Returns the result of a function that parses the content of a file.
 *
 * @param what the content that the file should have.
 * @throws TlsFileError when the function throws.
 */
export function parseTlsFile<T>(path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new TlsFileError(`${path} does not hold a ${what} in PEM.`, { cause });
  }
}
