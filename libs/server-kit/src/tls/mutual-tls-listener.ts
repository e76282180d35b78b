import type { FastifyInstance } from 'fastify';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { DEFAULT_CONNECTIONS } from '../admission/connection-bounds.js';
import { ConfigurationError } from '../configuration/configuration.js';
import type { ServerConfiguration } from '../configuration/server-variables.js';
import { closeUnusedConnections } from '../http/unused-connections.js';
import { namingVariables, ServedCertificate } from './served-certificate.js';

type MutualTlsSettings = Partial<
  Pick<
    ServerConfiguration,
    | 'MTLS_PORT'
    | 'MTLS_CERTIFICATE_PATH'
    | 'MTLS_KEY_PATH'
    | 'TLS_CERTIFICATE_PATH'
    | 'TLS_KEY_PATH'
    | 'CLIENT_CA_PATH'
    | 'MAX_CONNECTIONS'
    | 'MAX_TLS_HANDSHAKES'
  >
>;

/** A second HTTPS listener of a server, which asks for client certificates and serves the same routes. */
export interface MutualTlsListener {
  readonly server: Server;
  readonly certificate: ServedCertificate;
  listen(port: number, host: string): Promise<void>;
}

/**
 * Creates the listener for client certificates. It is separate from the first one, because browsers ask people for a
 * certificate when a listener does (RFC 8705 §5).
 *
 * @param timing the limits for requests.
 * @returns undefined when the configuration has no `MTLS_PORT`.
 * @throws ConfigurationError when a path is missing or a file cannot be used.
 */
export function mutualTlsListener(
  fastify: FastifyInstance,
  settings: MutualTlsSettings,
  timing: ServerOptions,
): MutualTlsListener | undefined {
  if (settings.MTLS_PORT === undefined) return undefined;
  const certificate = mutualTlsCertificate(settings);
  const server = createServer({ ...timing, ...certificate.options }, (request, reply) =>
    fastify.routing(request, reply),
  );
  certificate.serve({ server, log: fastify.log }, { mostHandshakes: settings.MAX_TLS_HANDSHAKES });
  server.maxConnections = settings.MAX_CONNECTIONS ?? DEFAULT_CONNECTIONS;
  closeUnusedConnections(fastify, server);
  const closed = new Promise((resolve) => server.once('close', resolve));
  fastify.addHook('preClose', (done) => {
    server.close();
    server.closeIdleConnections();
    done();
  });
  fastify.addHook('onClose', async () => void (await closed));
  const listen = (port: number, host: string): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  return { server, certificate, listen };
}

function mutualTlsCertificate(settings: MutualTlsSettings): ServedCertificate {
  const { MTLS_CERTIFICATE_PATH, MTLS_KEY_PATH, CLIENT_CA_PATH: authorities } = settings;
  if ((MTLS_CERTIFICATE_PATH === undefined) !== (MTLS_KEY_PATH === undefined)) {
    throw new ConfigurationError(['Set both MTLS_CERTIFICATE_PATH and MTLS_KEY_PATH, or neither of them']);
  }
  const { TLS_CERTIFICATE_PATH, TLS_KEY_PATH } = settings;
  const [certificate, key] = [MTLS_CERTIFICATE_PATH ?? TLS_CERTIFICATE_PATH, MTLS_KEY_PATH ?? TLS_KEY_PATH];
  if (certificate === undefined || key === undefined) {
    throw new ConfigurationError([
      'MTLS_PORT needs a certificate. Set MTLS_CERTIFICATE_PATH and MTLS_KEY_PATH, or TLS_CERTIFICATE_PATH and TLS_KEY_PATH',
    ]);
  }
  const variables = `${MTLS_CERTIFICATE_PATH === undefined ? 'TLS' : 'MTLS'}_CERTIFICATE_PATH, CLIENT_CA_PATH`;
  return namingVariables(
    variables,
    () => new ServedCertificate({ certificate, key }, { requested: true, authorities }, 'mtls'),
  );
}
