import type { FastifyInstance } from 'fastify';
import { X509Certificate } from 'node:crypto';
import { ConfigurationError } from '../configuration/configuration.js';
import type { ServerConfiguration } from '../configuration/server-variables.js';
import { trustOf } from '../http/trusted-proxies.js';
import { ClientAuthorities } from './client-authorities.js';
import { type ClientCertificate, describeCertificate, rememberForwarded } from './client-certificate.js';
import { ReloadedFiles } from './reloaded-files.js';
import { namingVariables } from './served-certificate.js';

/** The headers in which proxies commonly forward certificates. Only a configured one of a trusted proxy is read. */
const CERTIFICATE_HEADERS = [
  'client-cert',
  'client-cert-chain',
  'x-forwarded-client-cert',
  'x-client-cert',
  'x-ssl-cert',
  'x-ssl-client-cert',
  'ssl-client-cert',
];

/** RFC 9440 §2.1: the DER encoding as a byte sequence of RFC 8941. */
const BYTE_SEQUENCE = /^:([A-Za-z0-9+/]+={0,2}):$/;
/** A certificate in PEM, percent-encoded, as nginx has it in `$ssl_client_escaped_cert`. */
const ESCAPED_PEM = /^-----BEGIN(%20| )CERTIFICATE-----[A-Za-z0-9%+/=-]+$/;

type ForwardingSettings = Pick<ServerConfiguration, 'TRUSTED_PROXIES'> &
  Partial<Pick<ServerConfiguration, 'CLIENT_CERTIFICATE_HEADER' | 'CLIENT_CA_PATH'>>;

/**
 * Takes the client certificates that a trusted proxy forwards, and removes the headers that could carry one from every
 * request, so that nobody else can claim a certificate (RFC 9440 §2.4, §4).
 *
 * @returns the files of the authorities; undefined when no proxy forwards certificates or none is trusted.
 * @throws ConfigurationError when proxies are trusted by number: then everybody who reaches the server would be trusted.
 */
export function acceptForwardedCertificates(
  fastify: FastifyInstance,
  { TRUSTED_PROXIES, CLIENT_CERTIFICATE_HEADER, CLIENT_CA_PATH }: ForwardingSettings,
): ReloadedFiles<ClientAuthorities> | undefined {
  const header = CLIENT_CERTIFICATE_HEADER?.toLowerCase();
  if (header !== undefined && typeof TRUSTED_PROXIES === 'number') {
    throw new ConfigurationError([
      'CLIENT_CERTIFICATE_HEADER is set, and TRUSTED_PROXIES is a number. Set it to the addresses of the proxies: nobody else may forward certificates',
    ]);
  }
  const isTrusted = trustOf(TRUSTED_PROXIES);
  const authorities =
    header === undefined || CLIENT_CA_PATH === undefined
      ? undefined
      : namingVariables('CLIENT_CA_PATH', () => clientAuthorities(CLIENT_CA_PATH));
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers, socket } = request.raw;
    if (header !== undefined && isTrusted(socket.remoteAddress ?? '', 0)) {
      const certificate = readHeader(headers[header]);
      rememberForwarded(request, certificate && describe(certificate, authorities?.current));
    }
    for (const name of CERTIFICATE_HEADERS) delete headers[name];
    if (header !== undefined) delete headers[header];
    done();
  });
  if (authorities) fastify.addHook('onReady', async () => authorities.watch(fastify.server, fastify.log));
  return authorities;
}

const clientAuthorities = (path: string): ReloadedFiles<ClientAuthorities> =>
  new ReloadedFiles({ check: 'client-authorities', metric: 'client_authorities_not_reloaded' }, () =>
    ClientAuthorities.read(path),
  );

/** The proxy has checked the certificate as it is configured. That is not known here, so the certificate is checked again. */
const describe = (certificate: X509Certificate, authorities: ClientAuthorities | undefined): ClientCertificate =>
  describeCertificate(certificate, authorities?.haveIssued(certificate) ?? false);

/** Returns the certificate in a header; undefined when it holds none, or something else. */
function readHeader(value: string | string[] | undefined): X509Certificate | undefined {
  if (typeof value !== 'string') return undefined;
  const [, base64] = BYTE_SEQUENCE.exec(value) ?? [];
  try {
    if (base64 !== undefined) return new X509Certificate(Buffer.from(base64, 'base64'));
    return ESCAPED_PEM.test(value) ? new X509Certificate(decodeURIComponent(value)) : undefined;
  } catch {
    return undefined;
  }
}
