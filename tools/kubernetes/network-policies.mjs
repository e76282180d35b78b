// @ts-check
import { databaseLabel, object, selector } from './objects.mjs';

/** @typedef {import('./objects.mjs').App} App */

/** The namespaces of others, by the label that Kubernetes gives them. @param {string} name */
export const namespace = (name) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** @param {readonly (string | number)[]} ports */
const tcp = (...ports) => ports.map((port) => ({ protocol: 'TCP', port }));
/** @param {object} labels */
const pods = (labels) => ({ podSelector: { matchLabels: labels } });

/** The addresses that are not on the internet (RFC 6890). */
const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

/**
 * Returns who may call an app, and whom its pods may call. Everything else is denied by `default-deny`.
 *
 * @param {App} app
 * @param {import('./objects.mjs').AppRegistry} registry
 */
export function networkPolicies(app, { apps, provider }) {
  const { name, kind, database } = app;
  const users = apps.filter(({ uses }) => uses.includes(name));
  const clients = apps.filter((other) => other !== provider);
  const web = apps.filter((other) => other.kind === 'web');
  const callers = kind === 'provider' ? clients : users;
  /** @param {App} other */
  const ports = (other) => (other.mtlsPort === undefined ? tcp('https') : tcp('https', 'mtls'));
  const used = apps.filter((other) => app.uses.includes(other.name));
  const called = kind === 'provider' ? web : [provider, ...used];
  const server = selector(name);
  return [
    {
      ...object('networking.k8s.io/v1', 'NetworkPolicy', name),
      spec: {
        podSelector: { matchLabels: server },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          // Browsers, and machine clients from outside.
          { from: [namespace('ingress-nginx')], ports: tcp('https') },
          ...(callers.length > 0
            ? [{ from: callers.map((other) => pods(selector(other.name))), ports: ports(app) }]
            : []),
          // Logout tokens of the provider.
          ...(kind === 'web' ? [{ from: [pods(selector(provider.name))], ports: tcp('https') }] : []),
          { from: [namespace('monitoring')], ports: tcp('management') },
        ],
        egress: [
          ...called.map((other) => ({ to: [pods(selector(other.name))], ports: ports(other) })),
          // Keys, metadata and logout endpoints at the URLs of clients.
          ...(kind === 'provider'
            ? [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE } }], ports: tcp(443) }]
            : []),
        ],
      },
    },
    {
      // The jobs of the app need its database and Redis too.
      ...object('networking.k8s.io/v1', 'NetworkPolicy', `${name}-stores`),
      spec: {
        podSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
        policyTypes: ['Egress'],
        egress: [
          ...(database ? [{ to: [pods(databaseLabel(name))], ports: tcp(5432) }] : []),
          { to: [pods(selector('redis', 'store'))], ports: tcp(6379) },
        ],
      },
    },
  ];
}
