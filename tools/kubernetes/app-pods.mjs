// @ts-check
import { CONTAINER_SECURITY, MANAGEMENT_PORT, podSecurity, SHUTDOWN_DELAY } from './objects.mjs';

/** @typedef {import('./objects.mjs').App} App */

/** The user `node` of the image. */
const USER = 1000;
const SECRETS = '/run/secrets/trefoil';
const SERVER_TLS = '/run/tls/server';
const CLIENT_TLS = '/run/tls/client';

/** Returns the name of the secret that an operator creates for an app. @param {string} app */
export const keysSecret = (app) => `${app}-keys`;

/** Returns the name of the secret with the URL of the database: the one that CloudNativePG writes. @param {string} app */
export const databaseSecret = (app) => `${app}-db-app`;

/**
 * Returns the settings of an app that are the same in every installation.
 *
 * @param {App} app
 * @param {import('./objects.mjs').AppRegistry} registry
 * @param {import('./objects.mjs').Names} names
 */
export function fixedSettings(app, { apps, provider }, { keyVariable, mtlsUrlVariable }) {
  const { name, kind, port, database, keys, uses, clientCertificate } = app;
  const mtlsUrl = (/** @type {App} */ other) => `https://${other.name}:${other.mtlsPort}`;
  return {
    PORT: String(port),
    MANAGEMENT_PORT: String(MANAGEMENT_PORT),
    SHUTDOWN_DELAY: String(SHUTDOWN_DELAY),
    TLS_CERTIFICATE_PATH: `${SERVER_TLS}/tls.crt`,
    TLS_KEY_PATH: `${SERVER_TLS}/tls.key`,
    // Each server trusts the authority of this installation, for databases too.
    NODE_EXTRA_CA_CERTS: `${SERVER_TLS}/ca.crt`,
    ...(app.mtlsPort !== undefined && {
      MTLS_PORT: String(app.mtlsPort),
      MTLS_URL: mtlsUrl(app),
      CLIENT_CA_PATH: `${SERVER_TLS}/ca.crt`,
    }),
    ...(kind !== 'provider' && { CLIENT_ID: name }),
    ...(kind !== 'provider' &&
      (clientCertificate
        ? { CLIENT_CERTIFICATE_PATH: `${CLIENT_TLS}/tls.crt`, CLIENT_KEY_PATH: `${CLIENT_TLS}/tls.key` }
        : { CLIENT_SECRET_FILE: `${SECRETS}/client-secret` })),
    ...(kind === 'resource-server' && { PROVIDER_MTLS_URL: mtlsUrl(provider) }),
    ...Object.fromEntries(
      apps.filter((other) => uses.includes(other.name)).map((used) => [mtlsUrlVariable(used.name), mtlsUrl(used)]),
    ),
    ...(database && { DATABASE_URL_FILE: `${SECRETS}/database-url`, PGSSLMODE: 'verify-full' }),
    REDIS_URL_FILE: `${SECRETS}/redis-url`,
    ...Object.fromEntries(keys.map((key) => [`${keyVariable(key)}_FILE`, `${SECRETS}/${key}`])),
  };
}

/** Returns the files in the secret that an operator creates for an app. @param {App} app */
export const keyFiles = ({ kind, keys, clientCertificate }) => [
  ...keys,
  'redis-url',
  ...(kind === 'provider' || clientCertificate ? [] : ['client-secret']),
];

/** Returns the volumes with the secrets and certificates of an app. @param {App} app */
function volumesOf(app) {
  const { name, database, clientCertificate } = app;
  const tls = (/** @type {string} */ kind) => ({
    name: `${kind}-tls`,
    secret: { secretName: `${name}-${kind}`, defaultMode: 0o440 },
  });
  return [
    {
      name: 'secrets',
      projected: {
        defaultMode: 0o440,
        sources: [
          { secret: { name: keysSecret(name), items: keyFiles(app).map((key) => ({ key, path: key })) } },
          ...(database
            ? [{ secret: { name: databaseSecret(name), items: [{ key: 'uri', path: 'database-url' }] } }]
            : []),
        ],
      },
    },
    tls('server'),
    ...(clientCertificate ? [tls('client')] : []),
  ];
}

/** Returns where a container finds the volumes. Whole folders, because files mounted by `subPath` are never renewed. @param {App} app */
const mountsOf = ({ clientCertificate }) => [
  { name: 'secrets', mountPath: SECRETS, readOnly: true },
  { name: 'server-tls', mountPath: SERVER_TLS, readOnly: true },
  ...(clientCertificate ? [{ name: 'client-tls', mountPath: CLIENT_TLS, readOnly: true }] : []),
];

/**
 * Returns a pod that runs a script of an app with its settings, secrets and certificates.
 *
 * @param {App} app
 * @param {object} container what is special about the container
 * @param {object} [spec] what is special about the pod
 */
export const podOf = (app, container, spec = {}) => ({
  serviceAccountName: app.name,
  automountServiceAccountToken: false,
  // Otherwise a Service named `provider` sets PROVIDER_PORT in every container.
  enableServiceLinks: false,
  securityContext: podSecurity(USER),
  ...spec,
  containers: [
    {
      image: 'trefoil',
      envFrom: [{ configMapRef: { name: app.name } }],
      securityContext: CONTAINER_SECURITY,
      volumeMounts: mountsOf(app),
      ...container,
    },
  ],
  volumes: volumesOf(app),
});
