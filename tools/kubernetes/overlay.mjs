// @ts-check
import { certificate } from './certificates.mjs';
import { literals } from './base.mjs';

/** @typedef {import('./objects.mjs').App} App */
/** @typedef {import('./objects.mjs').AppRegistry} AppRegistry */

/**
 * Returns the settings of an app that depend on where it is reached.
 *
 * @param {App} app
 * @param {AppRegistry} registry
 * @param {import('./objects.mjs').Names} names
 * @param {(app: App) => string} urlOf
 * @param {readonly string[]} otherUserClients clients beside the web apps whose users may call an API
 */
export function urlSettings(app, { apps, provider }, { urlVariable }, urlOf, otherUserClients = []) {
  const { name, kind, uses } = app;
  const web = apps.filter((other) => other.kind === 'web');
  const using = apps.filter((other) => other.uses.includes(name));
  // An API that no app names yet: it has to name a client, and refuses the users of all others.
  const users = (using.length > 0 ? using : web).map((other) => other.name);
  return {
    ...(kind !== 'provider' && { PUBLIC_URL: urlOf(app) }),
    ISSUER: urlOf(provider),
    ...Object.fromEntries(
      apps.filter((other) => uses.includes(other.name)).map((used) => [urlVariable(used.name), urlOf(used)]),
    ),
    ...(kind === 'resource-server' && { USER_CLIENTS: [...users, ...otherUserClients].join() }),
    // The names of web servers resolve to private addresses inside the cluster, where they take logout tokens.
    ...(kind === 'provider' && web.length > 0 && { OUTBOUND_ALLOWED_ORIGINS: web.map(urlOf).join() }),
  };
}

/** Returns the part of a generated ConfigMap that an overlay adds. @param {string} name @param {Readonly<Record<string, string>>} settings */
export const addedSettings = (name, settings) => ({ name, behavior: 'merge', literals: literals(settings) });

/** Returns the patch that adds the public host of an app to its certificate. @param {App} app @param {string} host */
export const publicHost = ({ name }, host) => patch('Certificate', `${name}-server`, add('/spec/dnsNames/-', host));

/**
 * Returns a patch of one object (RFC 6902), or of all objects of a kind.
 *
 * @param {string} kind
 * @param {string | undefined} name
 * @param {...object} operations
 */
export const patch = (kind, name, ...operations) => ({
  target: { kind, ...(name !== undefined && { name }) },
  patch: `${JSON.stringify(operations)}\n`,
});

/** @param {string} path @param {unknown} value */
export const add = (path, value) => ({ op: 'add', path, value });

/** Returns the certificate of a database, with every name that CloudNativePG gives it. @param {string} app @param {string} namespace */
export const databaseCertificate = (app, namespace) => {
  const names = ['rw', 'r', 'ro'].map((kind) => `${app}-db-${kind}`);
  const dnsNames = ['', `.${namespace}`, `.${namespace}.svc`].flatMap((suffix) => names.map((name) => name + suffix));
  const made = certificate(`${app}-db-server`, { dnsNames, usages: ['digital signature', 'server auth'] });
  // The operator reloads certificates with this label only.
  return { ...made, spec: { ...made.spec, secretTemplate: { labels: { 'cnpg.io/reload': '' } } } };
};
