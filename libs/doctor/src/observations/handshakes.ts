import { isIP } from 'node:net';
import {
  checkServerIdentity,
  connect,
  type ConnectionOptions,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';

/** What a TLS handshake with one origin showed. */
export interface Handshake {
  readonly origin: string;
  readonly host: string;
  /** Why there was no handshake; undefined when there was one. */
  readonly failure?: string;
  /** The code of the error with which the verification of the certificate ended; undefined when it is trusted. */
  readonly verificationError?: string;
  /** The certificate of the server, followed by its authorities as far as they are known. Empty without a handshake. */
  readonly chain: readonly CertificateFacts[];
  /** Whether the certificate is for the host (RFC 9525 §6). */
  readonly isForHost: boolean;
  /** The version and the cipher suite that were negotiated. */
  readonly negotiated: string;
  /** Whether the server accepts TLS 1.0 or 1.1. */
  readonly acceptsOldVersions: boolean;
  /** Whether the server accepts a cipher suite without forward secrecy. */
  readonly acceptsStaticKeys: boolean;
}

/** The parts of a certificate that are judged. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly names: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const TIMEOUT = 10_000;

/**
 * Connects to an https origin three times: as it is, with old versions of TLS, and with suites without forward secrecy.
 *
 * @param trusted contains the trusted authorities.
 */
export async function observeHandshake(origin: string, trusted: SecureContext): Promise<Handshake> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const options: ConnectionOptions = {
    host,
    port: Number(port || 443),
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: false,
  };
  const accepts = (limits: ConnectionOptions) => shake({ ...options, ...limits }, () => true).catch(() => false);
  try {
    const facts = await shake({ ...options, secureContext: trusted }, (socket) => readFacts(socket, host));
    return {
      origin,
      host,
      ...facts,
      acceptsOldVersions: await accepts({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
      acceptsStaticKeys: await accepts({ maxVersion: 'TLSv1.2', ciphers: 'kRSA:@SECLEVEL=0' }),
    };
  } catch (error) {
    const failure = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    const nothing = {
      chain: [],
      isForHost: false,
      negotiated: '',
      acceptsOldVersions: false,
      acceptsStaticKeys: false,
    };
    return { origin, host, failure, ...nothing };
  }
}

function shake<T>(options: ConnectionOptions, read: (socket: TLSSocket) => T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const socket = connect(options);
    const end = (settle: () => void) => {
      settle();
      socket.destroy();
    };
    socket.setTimeout(TIMEOUT, () => end(() => reject(new Error('the handshake took longer than 10 seconds'))));
    socket.on('error', (error: Error) => end(() => reject(error)));
    socket.on('secureConnect', () => end(() => resolve(read(socket))));
  });
}

function readFacts(socket: TLSSocket, host: string) {
  const certificate = socket.getPeerCertificate(true);
  // The types of Node name an error, but the value is its code.
  const error: unknown = socket.authorizationError;
  return {
    ...(error != null && { verificationError: typeof error === 'string' ? error : (error as Error).message }),
    chain: chainOf(certificate),
    isForHost: checkServerIdentity(host, certificate) === undefined,
    negotiated: `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher().standardName}`,
  };
}

function chainOf(certificate: DetailedPeerCertificate): CertificateFacts[] {
  const facts: CertificateFacts[] = [];
  const seen = new Set<string>();
  // Node may leave `issuerCertificate` out, although its types promise it.
  let next: DetailedPeerCertificate | undefined = certificate;
  while (next?.fingerprint256 && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    facts.push({
      subject: nameOf(next.subject),
      issuer: nameOf(next.issuer),
      names: next.subjectaltname ?? '',
      notBefore: new Date(next.valid_from),
      notAfter: new Date(next.valid_to),
    });
    next = next.issuerCertificate;
  }
  return facts;
}

const nameOf = (name: object): string =>
  Object.entries(name)
    .map(([attribute, value]) => `${attribute}=${String(value)}`)
    .join(', ');
