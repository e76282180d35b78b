import { constants } from 'node:crypto';
import { Server as HttpsServer, type ServerOptions } from 'node:https';
import type { FastifyInstance } from 'fastify';
import type { Metric } from 'prom-client';
import { DEFAULT_HANDSHAKES } from '../admission/connection-bounds.js';
import { ConfigurationError } from '../configuration/configuration.js';
import type { ServerConfiguration } from '../configuration/server-variables.js';
import type { HealthCheck } from '../observability/health.js';
import { counter, gauge } from '../observability/metrics.js';
import { ClientAuthorities } from './client-authorities.js';
import { Handshakes } from './handshakes.js';
import { readKeyPair, type TlsKeyPair, type TlsPaths } from './key-pair-files.js';
import { ReloadedFiles, TlsFileError } from './reloaded-files.js';

export { TlsFileError };

/** Describes how a listener treats the certificates of clients. */
export interface ClientCertificates {
  /** Whether clients are asked for a certificate. Those without one, or with any other, are not refused by TLS. */
  readonly requested: boolean;
  /** The path of the authorities whose client certificates are trusted, PEM; without it, none is. */
  readonly authorities?: string | undefined;
}

interface Loaded extends TlsKeyPair {
  readonly text: string;
  readonly ca: string | undefined;
}

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
 * The certificate with which a listener answers TLS connections, and the authorities of the certificates that it asks clients
 * for. When their files change, new connections get the new ones without a restart.
 */
export class ServedCertificate {
  private readonly files: ReloadedFiles<Loaded>;
  private readonly closedHandshakes;
  private handshakes: Handshakes | undefined;

  /**
   * @param listener `tls` for the main listener of a server, `mtls` for the one that exists for client certificates.
   * @throws TlsFileError when the files cannot be used.
   */
  constructor(
    paths: TlsPaths,
    private readonly clients: ClientCertificates = { requested: false },
    private readonly listener: 'tls' | 'mtls' = 'tls',
  ) {
    const check = listener === 'tls' ? 'certificate' : 'mtls-certificate';
    const description = { check, metric: `${listener}_certificate_not_reloaded` };
    this.files = new ReloadedFiles(description, () => load(paths, clients));
    const help = 'Incomplete TLS handshakes that were closed because there were too many';
    this.closedHandshakes = counter(`${listener}_handshakes_closed_total`, help);
  }

  /** Returns the options of an HTTPS server. */
  get options(): ServerOptions {
    const { cert, key, ca } = this.files.current;
    return {
      cert,
      key,
      minVersion: 'TLSv1.2',
      ciphers: CIPHERS,
      handshakeTimeout: HANDSHAKE_MILLISECONDS,
      // A client must not replace its certificate after it was checked.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      ...(this.clients.requested && {
        requestCert: true,
        // The certificates of RFC 8705 §2.2 have no authority. The protocol decides which certificate is accepted.
        rejectUnauthorized: false,
        // Without authorities Node would trust all those of the web.
        ca: ca ?? [],
      }),
    };
  }

  /**
   * Checks the files regularly until the server closes, and serves what they hold. Bounds the handshakes of the server.
   *
   * @param options.interval the time between two checks, in milliseconds.
   * @param options.mostHandshakes the maximum number of handshakes at the same time.
   */
  serve(
    { server, log }: Pick<FastifyInstance, 'server' | 'log'>,
    { interval, mostHandshakes = DEFAULT_HANDSHAKES }: { interval?: number; mostHandshakes?: number | undefined } = {},
  ): void {
    if (!isHttps(server)) throw new Error('The certificate is for a server of HTTPS.');
    this.handshakes ??= new Handshakes(server, mostHandshakes, () => this.closedHandshakes.inc());
    this.files.watch(server, log, () => server.setSecureContext(this.options), interval);
  }

  /** The state that `/health/ready` shows: `degraded` while changed files cannot be used. */
  get healthCheck(): HealthCheck {
    return this.files.healthCheck;
  }

  /** The metrics of the certificate. */
  get metrics(): Metric[] {
    const name = `${this.listener}_certificate_expires_seconds`;
    return [
      gauge(name, 'When the certificate in use expires, in seconds since 1970', () =>
        Math.floor(this.files.current.expires.getTime() / 1000),
      ),
      ...this.files.metrics,
      this.closedHandshakes,
    ];
  }
}

type TlsSettings = Partial<
  Pick<ServerConfiguration, 'TLS_CERTIFICATE_PATH' | 'TLS_KEY_PATH' | 'TLS_CLIENT_CERTIFICATES' | 'CLIENT_CA_PATH'>
>;

/**
 * Returns the certificate that the configuration names; undefined when the server speaks plain HTTP.
 *
 * @throws ConfigurationError when a path is missing or a file cannot be used.
 */
export function servedCertificate({
  TLS_CERTIFICATE_PATH: certificate,
  TLS_KEY_PATH: key,
  TLS_CLIENT_CERTIFICATES = 'ignored',
  CLIENT_CA_PATH: authorities,
}: TlsSettings): ServedCertificate | undefined {
  const requested = TLS_CLIENT_CERTIFICATES === 'requested';
  if (certificate === undefined && key === undefined) {
    if (!requested) return undefined;
    throw new ConfigurationError([
      'TLS_CLIENT_CERTIFICATES asks for certificates, and TLS_CERTIFICATE_PATH is missing. Set it, because only HTTPS has them',
    ]);
  }
  if (certificate === undefined)
    throw new ConfigurationError(['TLS_CERTIFICATE_PATH is missing, and TLS_KEY_PATH is set']);
  if (key === undefined) throw new ConfigurationError(['TLS_KEY_PATH is missing, and TLS_CERTIFICATE_PATH is set']);
  return namingVariables(
    `TLS_CERTIFICATE_PATH, TLS_KEY_PATH${requested && authorities !== undefined ? ', CLIENT_CA_PATH' : ''}`,
    () => new ServedCertificate({ certificate, key }, { requested, authorities }),
  );
}

/**
 * Returns the result of a function that reads the files of some variables.
 *
 * @throws ConfigurationError with the names of the variables when a file cannot be used.
 */
export function namingVariables<T>(variables: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof TlsFileError)) throw cause;
    throw new ConfigurationError([`${variables}: ${cause.message}`]);
  }
}

const isHttps = (server: object): server is HttpsServer => server instanceof HttpsServer;

function load(paths: TlsPaths, { requested, authorities }: ClientCertificates): Loaded {
  const pair = readKeyPair(paths);
  const ca = requested && authorities !== undefined ? readAuthorities(authorities) : undefined;
  return { ...pair, ca, text: JSON.stringify([pair.cert, pair.key, ca]) };
}

/** Reads the authorities for TLS connections, whose chains must end at a root. */
function readAuthorities(path: string): string {
  const { text, hasRoot } = ClientAuthorities.read(path);
  if (!hasRoot) throw new TlsFileError(`${path} does not hold the certificate of a root. Add it to the others.`);
  return text;
}
