import type { FastifyInstance } from 'fastify';
import type { Gauge } from 'prom-client';
import type { HealthCheck } from '../observability/health.js';
import { gauge } from '../observability/metrics.js';
import { readKeyPair, type TlsKeyPair, type TlsPaths } from './key-pair-files.js';
import { ReloadedFiles } from './reloaded-files.js';

/**
 * The certificate that a server presents when it calls another one (RFC 8705 §2). When its files change, new connections use
 * the new one without a restart.
 */
export class PresentedCertificate {
  private readonly files: ReloadedFiles<TlsKeyPair & { readonly text: string }>;

  /** @throws TlsFileError when the files cannot be used. */
  constructor(paths: TlsPaths) {
    const description = { check: 'client-certificate', metric: 'client_certificate_not_reloaded' };
    this.files = new ReloadedFiles(description, () => {
      const pair = readKeyPair(paths);
      return { ...pair, text: JSON.stringify([pair.cert, pair.key]) };
    });
  }

  /** Returns the certificate and its key, both PEM. It is the same object until the files change. */
  get current(): Pick<TlsKeyPair, 'cert' | 'key'> {
    return this.files.current;
  }

  /**
   * Checks the files regularly until the server closes.
   *
   * @param interval the time between two checks, in milliseconds.
   */
  watch({ server, log }: Pick<FastifyInstance, 'server' | 'log'>, interval?: number): void {
    this.files.watch(server, log, undefined, interval);
  }

  /** The state that `/health/ready` shows: `degraded` while changed files cannot be used. */
  get healthCheck(): HealthCheck {
    return this.files.healthCheck;
  }

  /** The metrics of the certificate. */
  get metrics(): Gauge[] {
    const help = 'When the client certificate in use expires, in seconds since 1970';
    const expires = () => Math.floor(this.files.current.expires.getTime() / 1000);
    return [gauge('client_certificate_expires_seconds', help, expires), ...this.files.metrics];
  }
}
