import type { TransportPolicy } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import { trustedProxies } from '../http/trusted-proxies.js';
import { DEFAULT_CONNECTIONS, DEFAULT_HANDSHAKES } from '../admission/connection-bounds.js';
import { count, plainHttpOrigins, port } from './variables.js';

/** The environment variables of every server. */
export const serverVariables = {
  NODE_ENV: z
    .enum(['production', 'development', 'test'], 'must be production, development or test')
    .default('production')
    .describe('Demo data and URLs that are not https are refused in `production`'),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on'),
  PORT: port().describe('Port to listen on'),
  MANAGEMENT_PORT: port()
    .optional()
    .describe('Port for `/metrics` and `/health/*` alone; they are served on `PORT` when it is not set'),
  TLS_CERTIFICATE_PATH: z
    .string()
    .optional()
    .describe(
      'Path of the certificate chain, PEM, with which the server speaks HTTPS; without it, it speaks plain HTTP. A changed file is used within 10 s',
    ),
  TLS_KEY_PATH: z.string().optional().describe('Path of the private key that belongs to the certificate, PEM'),
  TLS_CLIENT_CERTIFICATES: z
    .enum(['requested', 'ignored'], 'must be requested or ignored')
    .default('ignored')
    .describe(
      'Whether HTTPS on `PORT` asks for client certificates (RFC 8705). Browsers then ask people for one, so use it where only servers call',
    ),
  PLAIN_HTTP_ORIGINS: plainHttpOrigins()
    .default([])
    .describe(
      'Origins, separated by commas, that may use plain HTTP in production, such as `http://backend:3002`. Only for a hop ' +
        'inside a cluster whose network nobody else can read',
    ),
  MTLS_PORT: port()
    .optional()
    .describe('Port of a second HTTPS listener, which asks for client certificates and serves the same routes'),
  MTLS_CERTIFICATE_PATH: z
    .string()
    .optional()
    .describe('Path of the certificate chain of `MTLS_PORT`, PEM; that of `TLS_CERTIFICATE_PATH` when it is not set'),
  MTLS_KEY_PATH: z.string().optional().describe('Path of the private key of `MTLS_PORT`, PEM'),
  CLIENT_CA_PATH: z
    .string()
    .optional()
    .describe(
      'Path of the authorities whose client certificates are trusted, PEM; without it, none is trusted. A changed file is used within 10 s',
    ),
  CLIENT_CERTIFICATE_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
    .optional()
    .describe(
      'Header in which a proxy forwards the client certificate (RFC 9440), such as `Client-Cert`. Needs `TRUSTED_PROXIES` with addresses',
    ),
  MAX_CONNECTIONS: count()
    .default(DEFAULT_CONNECTIONS)
    .describe('Open connections of each listener of a replica; further ones are closed at once'),
  MAX_TLS_HANDSHAKES: count()
    .default(DEFAULT_HANDSHAKES)
    .describe(
      'TLS handshakes in progress at each listener of a replica. With more, the oldest of the network that has most is closed',
    ),
  SHUTDOWN_DELAY: z.coerce
    .number('must be a number of seconds')
    .min(0)
    .max(300)
    .default(5)
    .describe(
      'Seconds for which a stopping server still answers while `/health/ready` is 503, so that balancers notice',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'must be a level of pino')
    .default('info')
    .describe('Least severe log line to write'),
  MOST_OPEN_REQUESTS: z.coerce
    .number('must be a number of requests')
    .int()
    .min(1)
    .default(1000)
    .describe('Requests that one replica answers at the same time; further ones get 503 with `Retry-After` at once'),
  DATABASE_POOL_SIZE: z.coerce
    .number('must be a number of connections')
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe(
      'Connections that one replica keeps to its database, in addition to one or two that wait for notifications',
    ),
  DATABASE_STATEMENT_TIMEOUT: z.coerce
    .number('must be a number of seconds')
    .min(0.1)
    .max(1.8)
    .default(1.8)
    .describe(
      'Seconds after which PostgreSQL cancels a statement of a request. A request waits at most 2.2 s in all. A pooler has to ' +
        'set it itself ([pgbouncer](performance.md#pgbouncer))',
    ),
  TRUSTED_PROXIES: trustedProxies()
    .default(0)
    .describe(
      'The reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count: their addresses and networks separated by commas, or how many stand in front. A number trusts every sender that can reach the port',
    ),
};

/** The values of {@link serverVariables}. */
export type ServerConfiguration = z.output<z.ZodObject<typeof serverVariables>>;

/** Returns which URLs may use plain HTTP: those of issuers, resources and redirect URIs follow this one rule. */
export const transportPolicy = ({
  NODE_ENV,
  PLAIN_HTTP_ORIGINS,
}: Pick<ServerConfiguration, 'NODE_ENV' | 'PLAIN_HTTP_ORIGINS'>): TransportPolicy => ({
  isProduction: NODE_ENV === 'production',
  plainHttpOrigins: PLAIN_HTTP_ORIGINS,
});
