// @ts-check
import { databaseSecret, podOf } from './app-pods.mjs';
import { certificate } from './certificates.mjs';
import { networkPolicyOfDatabase } from './databases.mjs';
import { CONTAINER_SECURITY, databaseLabel, object, podSecurity, resources, selector } from './objects.mjs';
import { addedSettings, databaseCertificate, patch, publicHost, urlSettings } from './overlay.mjs';

/** @typedef {import('./objects.mjs').App} App */
/** @typedef {import('./objects.mjs').AppRegistry} AppRegistry */

const NAMESPACE = 'trefoil-demo';
/** The user `postgres` of the image, and `redis` of the other one. */
const STORE_USER = 999;

/** @param {App} app */
const hostOf = ({ hostLabel }) => `${hostLabel}.trefoil.test`;
/** The ports of `kubectl port-forward`, which are those inside the cluster too. @param {App} app */
const urlOf = (app) => `https://${hostOf(app)}:${app.port}`;

/** Returns the kustomization of the demo. @param {AppRegistry} registry @param {import('./objects.mjs').Names} names */
export const demoKustomization = (registry, names) => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  namespace: NAMESPACE,
  resources: ['../../base', 'namespace.yaml', 'databases.yaml', 'redis.yaml', 'demo-data.yaml'],
  images: [{ name: 'trefoil', newTag: '0.1.0' }],
  configMapGenerator: registry.apps.map((app) =>
    addedSettings(app.name, { NODE_ENV: 'development', ...urlSettings(app, registry, names, urlOf, ['api-docs']) }),
  ),
  patches: [
    ...registry.apps.flatMap((app) => [
      publicHost(app, hostOf(app)),
      patch('Service', app.name, { op: 'replace', path: '/spec/ports/0/port', value: app.port }),
    ]),
    patch('Deployment', undefined, { op: 'replace', path: '/spec/replicas', value: 1 }),
  ],
});

/** Returns a small PostgreSQL for each app. @param {AppRegistry} registry */
export const demoDatabases = ({ apps }) =>
  apps
    .filter(({ database }) => database)
    .flatMap(({ name }) => [
      postgres(name),
      {
        ...object('v1', 'Service', `${name}-db-rw`),
        spec: { selector: databaseLabel(name), ports: [{ name: 'postgres', port: 5432, targetPort: 'postgres' }] },
      },
      databaseCertificate(name, NAMESPACE),
      networkPolicyOfDatabase(name),
    ]);

/** @param {string} app */
function postgres(app) {
  /** @param {string} name @param {string} key */
  const fromSecret = (name, key) => ({ name, valueFrom: { secretKeyRef: { name: databaseSecret(app), key } } });
  const probe = { exec: { command: ['pg_isready', '-h', '127.0.0.1'] } };
  return {
    ...object('apps/v1', 'StatefulSet', `${app}-db`),
    spec: {
      serviceName: `${app}-db-rw`,
      selector: { matchLabels: databaseLabel(app) },
      template: {
        metadata: { labels: databaseLabel(app) },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurity(STORE_USER),
          containers: [
            {
              name: 'postgres',
              image: 'postgres:17',
              args: ['-c', 'ssl=on', '-c', 'ssl_cert_file=/run/tls/tls.crt', '-c', 'ssl_key_file=/run/tls/tls.key'],
              env: [
                fromSecret('POSTGRES_USER', 'username'),
                fromSecret('POSTGRES_PASSWORD', 'password'),
                fromSecret('POSTGRES_DB', 'dbname'),
                { name: 'PGDATA', value: '/var/lib/postgresql/data/pgdata' },
              ],
              ports: [{ name: 'postgres', containerPort: 5432 }],
              startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 30 },
              readinessProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 3 },
              resources: resources('100m', '1', '512Mi'),
              securityContext: CONTAINER_SECURITY,
              volumeMounts: [
                { name: 'data', mountPath: '/var/lib/postgresql/data' },
                { name: 'run', mountPath: '/var/run/postgresql' },
                { name: 'tmp', mountPath: '/tmp' },
                { name: 'tls', mountPath: '/run/tls', readOnly: true },
              ],
            },
          ],
          volumes: [
            { name: 'run', emptyDir: {} },
            { name: 'tmp', emptyDir: {} },
            { name: 'tls', secret: { secretName: `${app}-db-server`, defaultMode: 0o440 } },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  };
}

/** Returns a Redis for all apps. @param {AppRegistry} registry */
export function demoRedis({ apps }) {
  const labels = selector('redis', 'store');
  const args = [
    ...['--port', '0', '--tls-port', '6379', '--tls-auth-clients', 'no'],
    ...[
      '--tls-cert-file',
      '/run/tls/tls.crt',
      '--tls-key-file',
      '/run/tls/tls.key',
      '--tls-ca-cert-file',
      '/run/tls/ca.crt',
    ],
    ...['--maxmemory', '200mb', '--maxmemory-policy', 'noeviction', '--save', ''],
  ];
  const container = {
    name: 'redis',
    image: 'redis:7',
    args,
    ports: [{ name: 'redis', containerPort: 6379 }],
    readinessProbe: { tcpSocket: { port: 'redis' }, periodSeconds: 5 },
    resources: resources('100m', '1', '256Mi'),
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [
      { name: 'data', mountPath: '/data' },
      { name: 'tls', mountPath: '/run/tls', readOnly: true },
    ],
  };
  return [
    {
      ...object('apps/v1', 'Deployment', 'redis', labels),
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity(STORE_USER),
            containers: [container],
            volumes: [
              { name: 'data', emptyDir: {} },
              { name: 'tls', secret: { secretName: 'redis-server', defaultMode: 0o440 } },
            ],
          },
        },
      },
    },
    {
      ...object('v1', 'Service', 'redis'),
      spec: { selector: labels, ports: [{ name: 'redis', port: 6379, targetPort: 'redis' }] },
    },
    certificate('redis-server', { dnsNames: ['redis'], usages: ['digital signature', 'server auth'] }),
    {
      ...object('networking.k8s.io/v1', 'NetworkPolicy', 'redis'),
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: apps.map(({ name }) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/name': name } } })),
            ports: [{ protocol: 'TCP', port: 'redis' }],
          },
        ],
      },
    },
  ];
}

/** Returns the job that writes the users and clients of the demo. @param {AppRegistry} registry @param {import('./objects.mjs').Names} names */
export function demoData({ apps, provider }, { urlVariable }) {
  const labels = selector(provider.name, 'demo-data');
  const clients = apps.filter((app) => app !== provider);
  const container = {
    name: 'demo-data',
    command: ['node', `apps/${provider.name}/dist/seed.js`],
    env: clients.map((app) => ({ name: `DEMO_${urlVariable(app.name)}`, value: urlOf(app) })),
    resources: resources('100m', '1', '256Mi'),
  };
  return {
    ...object('batch/v1', 'Job', 'demo-data', labels),
    spec: {
      // It waits for the migrations by failing.
      backoffLimit: 10,
      template: { metadata: { labels }, spec: podOf(provider, container, { restartPolicy: 'Never' }) },
    },
  };
}
