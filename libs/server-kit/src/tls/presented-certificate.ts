import type { FastifyInstance } from 'fastify';
import type { Gauge } from 'prom-client';
import type { HealthCheck } from '../observability/health.js';
import { gauge } from '../observability/metrics.js';
import { rootCertificates } from 'node:tls';
import { readKeyPair, type TlsKeyPair, type TlsPaths } from './key-pair-files.js';
import { readTlsFile, ReloadedFiles, TlsFileError } from './reloaded-files.js';

/** A certificate with its key, and the authorities of the servers to which it is presented, all PEM. */
export interface Presented extends Pick<TlsKeyPair, 'cert' | 'key'> {
  /** Undefined when they are those of Node. */
  readonly ca?: string[] | undefined;
}

/**
 * The certificate that a server presents when it calls another one (RFC 8705 §2). When its files change, new connections use
 * the new one without a restart.
 */
export class PresentedCertificate {
  private readonly files: ReloadedFiles<Presented & Pick<TlsKeyPair, 'expires'> & { readonly text: string }>;

  /**
   * @param authorities the path of authorities of servers, PEM, that are trusted in addition to those of Node.
   * @throws TlsFileError when the files cannot be used.
   */
  constructor(paths: TlsPaths, authorities?: string) {
    const description = { check: 'client-certificate', metric: 'client_certificate_not_reloaded' };
    this.files = new ReloadedFiles(description, () => {
      const pair = readKeyPair(paths);
      const ca = authorities === undefined ? undefined : trustedWith(authorities);
      return { ...pair, ca, text: JSON.stringify([pair.cert, pair.key, ca?.at(-1)]) };
    });
  }

  /** Returns the certificate in use. It is the same object until the files change. */
  get current(): Presented {
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

/** Returns the authorities that Node trusts by itself, and those of a file. Node forgets its own when others are named. */
function trustedWith(path: string): string[] {
  const { NODE_EXTRA_CA_CERTS: extra } = process.env;
  const text = readTlsFile(path);
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new TlsFileError(`${path} does not hold a certificate in PEM.`);
  }
  return [...rootCertificates, ...(extra ? [readTlsFile(extra)] : []), text];
}
