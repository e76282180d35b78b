// @ts-check
/** @typedef {import('../../libs/app-registry/src/index.js').App} App */

/** Returns the URL of an app in the demo. @param {App} app */
export const url = ({ hostLabel, port }) => `https://${hostLabel}.localhost:${port}`;

/** Returns the path of a secret in the container of its app. @param {string} name */
export const secretFile = (name) => `/run/secrets/trefoil/${name}`;

/** Returns the URL at which an app asks for client certificates, in the private network. @param {App} app */
export const mtlsUrl = ({ name, mtlsPort }) => `https://${name}:${mtlsPort}`;

/**
 * Returns the variables of the listener of an app for client certificates. Web apps have none.
 *
 * @param {App} app
 */
export const mtlsVariables = (app) =>
  app.mtlsPort === undefined
    ? []
    : [`MTLS_PORT: '${app.mtlsPort}'`, `MTLS_URL: ${mtlsUrl(app)}`, `CLIENT_CA_PATH: ${secretFile('tls/root.pem')}`];

/**
 * Returns the variables with which an app authenticates at the provider and at other apps.
 *
 * @param {App} app
 * @param {readonly App[]} apps
 * @param {App} provider
 * @param {typeof import('../../libs/app-registry/src/index.js')} names
 */
function credentialVariables(app, apps, provider, { mtlsUrlVariable }) {
  if (app === provider) return [];
  if (!app.clientCertificate) return [`CLIENT_SECRET_FILE: ${secretFile('client-secret')}`];
  const used = apps.filter(({ name }) => app.uses.includes(name));
  return [
    `CLIENT_CERTIFICATE_PATH: ${secretFile('tls/client.pem')}`,
    `CLIENT_KEY_PATH: ${secretFile('tls/client.key')}`,
    `SERVER_CA_PATH: ${secretFile('tls/root.pem')}`,
    ...(app.kind === 'resource-server' ? [`PROVIDER_MTLS_URL: ${mtlsUrl(provider)}`] : []),
    ...used.map((other) => `${mtlsUrlVariable(other.name)}: ${mtlsUrl(other)}`),
  ];
}

/** @param {readonly App[]} apps */
export const namesOf = (apps) => apps.map(({ name }) => name);

/** Returns whether an app has a database. @param {App} app */
export const databaseOf = ({ database }) => database;

/** Returns the apps that are clients of the provider. @param {readonly App[]} apps @param {App} provider */
export const others = (apps, provider) => apps.filter((app) => app !== provider);

/** Returns words as a list in a sentence: a, b and c. @param {readonly string[]} words */
export const list = (words) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/**
 * Returns the environment of an app in the demo, as the lines of a mapping.
 *
 * @param {App} app
 * @param {readonly App[]} apps
 * @param {App} provider
 * @param {typeof import('../../libs/app-registry/src/index.js')} names
 */
export function environmentOf(app, apps, provider, names) {
  const { keyVariable, urlVariable } = names;
  const { name, kind, port, database, keys, uses } = app;
  const web = apps.filter((other) => other.kind === 'web');
  const users = apps.filter((other) => other.uses.includes(name));
  return [
    'NODE_ENV: ${NODE_ENV:-development}',
    `PORT: '${port}'`,
    ...(kind === 'provider' ? [] : [`PUBLIC_URL: ${url(app)}`]),
    `ISSUER: ${url(provider)}`,
    ...apps.filter((other) => uses.includes(other.name)).map((used) => `${urlVariable(used.name)}: ${url(used)}`),
    ...(kind === 'provider' ? [] : [`CLIENT_ID: ${name}`]),
    ...credentialVariables(app, apps, provider, names),
    ...(kind === 'resource-server' ? [`USER_CLIENTS: ${[...namesOf(users), 'api-docs'].join()}`] : []),
    `TLS_CERTIFICATE_PATH: ${secretFile('tls/server.pem')}`,
    `TLS_KEY_PATH: ${secretFile('tls/server.key')}`,
    `NODE_EXTRA_CA_CERTS: ${secretFile('tls/root.pem')}`,
    ...mtlsVariables(app),
    ...(database ? [`DATABASE_URL_FILE: ${secretFile('database-url')}`] : []),
    `REDIS_URL_FILE: ${secretFile('redis-url')}`,
    ...keys.map((key) => `${keyVariable(key)}_FILE: ${secretFile(key)}`),
    ...(kind === 'provider' && web.length > 0
      ? ['# Web servers take logout tokens at a private address.', `OUTBOUND_ALLOWED_ORIGINS: ${web.map(url).join()}`]
      : []),
  ]
    .map((line) => `  ${line}`)
    .join('\n');
}
