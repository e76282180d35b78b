import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Server as HttpsServer, type ServerOptions } from 'node:https';
import type { FastifyInstance } from 'fastify';
import type { Gauge } from 'prom-client';
import { ConfigurationError } from '../configuration/configuration.js';
import type { ServerConfiguration } from '../configuration/server-variables.js';
import { Degraded, type HealthCheck } from '../observability/health.js';
import { gauge } from '../observability/metrics.js';
import { describeError } from '../observability/serialize-error.js';
import { answerPlainHttp } from './plain-http.js';

/** Reports a file of a certificate or key that cannot be used. The message names the file. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

/** The paths of a certificate chain and its private key, both PEM. */
export interface TlsPaths {
  readonly certificate: string;
  readonly key: string;
}

interface Loaded {
  readonly cert: string;
  readonly key: string;
  readonly expires: Date;
}

const DEFAULT_INTERVAL = 10_000;
const HANDSHAKE_MILLISECONDS = 5_000;

/** TLS 1.3, and those suites of TLS 1.2 that have forward secrecy and authenticated encryption (RFC 9325 §4.2). */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * The certificate with which a server answers TLS connections. When its files change, as cert-manager and agents of secret
 * stores replace them, new connections get the new one without a restart. Files that cannot be used are reported, and the old
 * certificate stays.
 */
export class ServedCertificate {
  private loaded: Loaded;
  private failure: string | undefined;

  /** @throws TlsFileError when the files cannot be used. */
  constructor(private readonly paths: TlsPaths) {
    this.loaded = load(paths);
  }

  /** Returns the options of an HTTPS server. */
  get options(): ServerOptions {
    const { cert, key } = this.loaded;
    return { cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS, handshakeTimeout: HANDSHAKE_MILLISECONDS };
  }

  /**
   * Checks the files regularly until the server closes, and serves what they hold.
   *
   * @param interval the time between two checks, in milliseconds.
   */
  serve(fastify: FastifyInstance, interval = DEFAULT_INTERVAL): void {
    const { server, log } = fastify;
    if (!isHttps(server)) throw new Error('The certificate is for a server of HTTPS.');
    answerPlainHttp(server);
    const report = (reason: string) =>
      log.error(`The changed certificate is not used, and the old one stays: ${reason}`);
    const timer = setInterval(() => this.reload(server, report), interval).unref();
    server.once('close', () => clearInterval(timer));
  }

  /** The state that `/health/ready` shows: `degraded` while changed files cannot be used. */
  get healthCheck(): HealthCheck {
    return {
      name: 'certificate',
      check: async () => (this.failure === undefined ? undefined : new Degraded('not reloaded')),
    };
  }

  /** The metrics of the certificate. */
  get metrics(): Gauge[] {
    return [
      gauge('tls_certificate_expires_seconds', 'When the certificate in use expires, in seconds since 1970', () =>
        Math.floor(this.loaded.expires.getTime() / 1000),
      ),
      gauge('tls_certificate_not_reloaded', '1 while changed certificate files cannot be used, otherwise 0', () =>
        this.failure === undefined ? 0 : 1,
      ),
    ];
  }

  private reload(server: HttpsServer, report: (reason: string) => void): void {
    try {
      const found = load(this.paths);
      this.failure = undefined;
      if (found.cert === this.loaded.cert && found.key === this.loaded.key) return;
      this.loaded = found;
      server.setSecureContext(this.options);
    } catch (error) {
      const reason = error instanceof TlsFileError ? error.message : describeError(error);
      if (reason !== this.failure) report(reason);
      this.failure = reason;
    }
  }
}

/**
 * Returns the certificate that the configuration names; undefined when the server speaks plain HTTP.
 *
 * @throws ConfigurationError when only one of the paths is set, or the files cannot be used.
 */
export function servedCertificate({
  TLS_CERTIFICATE_PATH: certificate,
  TLS_KEY_PATH: key,
}: Partial<Pick<ServerConfiguration, 'TLS_CERTIFICATE_PATH' | 'TLS_KEY_PATH'>>): ServedCertificate | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined)
    throw new ConfigurationError(['TLS_CERTIFICATE_PATH is missing, and TLS_KEY_PATH is set']);
  if (key === undefined) throw new ConfigurationError(['TLS_KEY_PATH is missing, and TLS_CERTIFICATE_PATH is set']);
  try {
    return new ServedCertificate({ certificate, key });
  } catch (cause) {
    if (!(cause instanceof TlsFileError)) throw cause;
    throw new ConfigurationError([`TLS_CERTIFICATE_PATH, TLS_KEY_PATH: ${cause.message}`]);
  }
}

const isHttps = (server: object): server is HttpsServer => server instanceof HttpsServer;

function load(paths: TlsPaths): Loaded {
  const cert = read(paths.certificate);
  const key = read(paths.key);
  const certificate = parse(paths.certificate, 'certificate', () => new X509Certificate(cert));
  const privateKey = parse(paths.key, 'private key', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsFileError(`The key in ${paths.key} does not belong to the certificate in ${paths.certificate}.`);
  }
  const [from, expires] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (from > new Date())
    throw new TlsFileError(`The certificate in ${paths.certificate} is not valid before ${from.toISOString()}.`);
  if (expires < new Date())
    throw new TlsFileError(`The certificate in ${paths.certificate} expired at ${expires.toISOString()}.`);
  return { cert, key, expires };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new TlsFileError(`${path} cannot be read${code === undefined ? '' : ` (${code})`}.`, { cause });
  }
}

function parse<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new TlsFileError(`${path} does not hold a ${what} in PEM.`, { cause });
  }
}
