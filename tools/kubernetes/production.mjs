// @ts-check
import { podOf } from './app-pods.mjs';
import { networkPolicyOfCluster } from './databases.mjs';
import { databaseLabel, object, resources, selector } from './objects.mjs';
import { addedSettings, databaseCertificate, patch, publicHost, urlSettings } from './overlay.mjs';

/** @typedef {import('./objects.mjs').App} App */
/** @typedef {import('./objects.mjs').AppRegistry} AppRegistry */

const NAMESPACE = 'trefoil';
/** The clients that the command `trefoil setup` registers. Others are registered in the administration. */
const REGISTERED = ['frontend', 'backend'];

/** @param {App} app */
const hostOf = ({ hostLabel }) => `${hostLabel}.example.com`;
/** @param {App} app */
const urlOf = (app) => `https://${hostOf(app)}`;

/** Returns the kustomization of a production installation. @param {AppRegistry} registry @param {import('./objects.mjs').Names} names */
export const productionKustomization = (registry, names) => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  namespace: NAMESPACE,
  resources: [
    '../../base',
    'namespace.yaml',
    'databases.yaml',
    'autoscaling.yaml',
    'ingress.yaml',
    'redis.yaml',
    'setup.yaml',
  ],
  images: [{ name: 'trefoil', newName: 'registry.example.com/trefoil', newTag: '0.1.0' }],
  configMapGenerator: [
    ...registry.apps.map((app) =>
      addedSettings(app.name, {
        NODE_ENV: 'production',
        // The network of the pods of the ingress controller.
        TRUSTED_PROXIES: '10.244.0.0/16',
        ...urlSettings(app, registry, names, urlOf),
      }),
    ),
  ],
  patches: [
    ...registry.apps.map((app) => publicHost(app, hostOf(app))),
    // The autoscaler decides.
    patch('Deployment', undefined, { op: 'remove', path: '/spec/replicas' }),
  ],
});

/** Returns the database of each app: a cluster of CloudNativePG. @param {AppRegistry} registry */
export const productionDatabases = ({ apps, product }, /** @type {import('./objects.mjs').Names} */ { databaseName }) =>
  apps
    .filter(({ database }) => database)
    .flatMap(({ name }) => [
      {
        ...object('postgresql.cnpg.io/v1', 'Cluster', `${name}-db`),
        spec: {
          instances: 3,
          imageName: 'ghcr.io/cloudnative-pg/postgresql:17.6',
          storage: { size: '20Gi' },
          inheritedMetadata: { labels: databaseLabel(name) },
          bootstrap: { initdb: { database: databaseName(product, name), owner: databaseName(product, name) } },
          certificates: { serverTLSSecret: `${name}-db-server`, serverCASecret: `${name}-db-server` },
          resources: resources('500m', '2', '1Gi'),
        },
      },
      databaseCertificate(name, NAMESPACE),
      networkPolicyOfCluster(name),
    ]);

/** Returns the autoscaler of each app. @param {AppRegistry} registry */
export const autoscaling = ({ apps }) =>
  apps.map(({ name }) => ({
    ...object('autoscaling/v2', 'HorizontalPodAutoscaler', name),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        {
          type: 'Pods',
          pods: {
            metric: { name: 'nodejs_eventloop_utilization' },
            target: { type: 'AverageValue', averageValue: '600m' },
          },
        },
        // Password hashes are computed beside the event loop. Of the request, 500m, so this is 1.5 processors.
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 300 } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    },
  }));

/** Returns the entry from outside: one Ingress for each app, because it checks the certificate of that app. @param {AppRegistry} registry */
export const ingresses = ({ apps }) => [
  {
    ...object('cert-manager.io/v1', 'Certificate', 'public'),
    spec: {
      secretName: 'public-tls',
      issuerRef: { kind: 'ClusterIssuer', name: 'letsencrypt' },
      dnsNames: apps.map(hostOf),
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    },
  },
  ...apps.map((app) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: app.name,
      annotations: {
        'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS',
        'nginx.ingress.kubernetes.io/proxy-ssl-verify': 'on',
        'nginx.ingress.kubernetes.io/proxy-ssl-secret': `${NAMESPACE}/${app.name}-server`,
        'nginx.ingress.kubernetes.io/proxy-ssl-name': app.name,
        'nginx.ingress.kubernetes.io/proxy-ssl-server-name': 'on',
        // Exports are streams.
        'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
      },
    },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: [hostOf(app)], secretName: 'public-tls' }],
      rules: [
        {
          host: hostOf(app),
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: app.name, port: { name: 'https' } } } },
            ],
          },
        },
      ],
    },
  })),
];

/** Returns the job that registers the apps and the first administrator. Later runs change nothing. @param {AppRegistry} registry */
export function setup({ apps, provider }) {
  const labels = selector(provider.name, 'setup');
  const clients = apps.filter(({ name }) => REGISTERED.includes(name));
  const pod = podOf(
    provider,
    {
      name: 'setup',
      command: [
        ...['node', `apps/${provider.name}/dist/trefoil.js`, 'setup'],
        ...clients.flatMap((app) => [`--${app.name}-url`, urlOf(app)]),
        ...clients
          .filter(({ clientCertificate }) => clientCertificate)
          .flatMap(({ name }) => [`--${name}-certificate`, `dns:${name}`]),
        ...['--admin-email', 'ada@example.com', '--admin-password-file', '/run/secrets/administrator/password'],
      ],
      resources: resources('100m', '1', '256Mi'),
    },
    { restartPolicy: 'Never' },
  );
  const [container] = pod.containers;
  return {
    ...object('batch/v1', 'Job', 'setup', labels),
    spec: {
      // It waits for the migrations by failing.
      backoffLimit: 10,
      template: {
        metadata: { labels },
        spec: {
          ...pod,
          containers: [
            {
              ...container,
              volumeMounts: [
                ...(container?.volumeMounts ?? []),
                { name: 'administrator', mountPath: '/run/secrets/administrator', readOnly: true },
              ],
            },
          ],
          volumes: [
            ...pod.volumes,
            { name: 'administrator', secret: { secretName: 'administrator', defaultMode: 0o440 } },
          ],
        },
      },
    },
  };
}
