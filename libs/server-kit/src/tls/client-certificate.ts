import { sha256 } from '@trefoil/oauth-protocol';
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** A certificate whose private key the sender of a request has proven to possess. */
export interface ClientCertificate {
  readonly certificate: X509Certificate;
  /** The SHA-256 thumbprint in base64url, as in `x5t#S256` (RFC 8705 §3.1). */
  readonly thumbprint: string;
  /** Whether a configured authority has issued it for a client. */
  readonly isTrusted: boolean;
}

/** A request of HTTP, as Fastify and Node know it. */
export interface RequestWithConnection {
  readonly raw: Pick<IncomingMessage, 'socket'>;
}

/** The certificates that trusted proxies forwarded; undefined for a request of such a proxy without certificate. */
const forwarded = new WeakMap<object, ClientCertificate | undefined>();

/** The certificate of each TLS connection. It stays the same, because renegotiation is disabled. */
const presented = new WeakMap<object, ClientCertificate | undefined>();

/** Stores that a trusted proxy has forwarded a request with this certificate, or without one. */
export function rememberForwarded({ raw }: RequestWithConnection, certificate: ClientCertificate | undefined): void {
  forwarded.set(raw, certificate);
}

/**
 * Returns the client certificate of a request: that of its TLS connection, or the one that a trusted proxy forwarded.
 * Returns undefined when there is none, and when the certificate has expired or is not valid yet.
 */
export function clientCertificateOf({ raw }: RequestWithConnection): ClientCertificate | undefined {
  const found = forwarded.has(raw) ? forwarded.get(raw) : certificateOf(raw.socket);
  return found && isValidNow(found.certificate) ? found : undefined;
}

/** Describes a certificate. */
export const describeCertificate = (certificate: X509Certificate, isTrusted: boolean): ClientCertificate => ({
  certificate,
  thumbprint: sha256(certificate.raw).toString('base64url'),
  isTrusted,
});

/** Returns whether the current time lies in the period of validity of a certificate (RFC 5280 §4.1.2.5). */
export function isValidNow({ validFrom, validTo }: X509Certificate): boolean {
  const now = Date.now();
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

function certificateOf(socket: unknown): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  if (presented.has(socket)) return presented.get(socket);
  const certificate = socket.getPeerX509Certificate();
  // `authorized` alone says nothing: it is also true for a resumed session without a certificate.
  const described = certificate && describeCertificate(certificate, socket.authorized);
  presented.set(socket, described);
  return described;
}
