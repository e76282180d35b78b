// @ts-check
import { fixedSettings, podOf } from './app-pods.mjs';
import { certificate } from './certificates.mjs';
import { networkPolicies } from './network-policies.mjs';
import { GRACE_PERIOD, MANAGEMENT_PORT, object, resources, selector } from './objects.mjs';

/** @typedef {import('./objects.mjs').App} App */
/** @typedef {import('./objects.mjs').AppRegistry} AppRegistry */

/**
 * Returns the kustomization of the base: the objects of all apps, and the settings that every installation has.
 *
 * @param {AppRegistry} registry
 * @param {import('./objects.mjs').Names} names
 */
export const baseKustomization = (registry, names) => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  labels: [{ pairs: { 'app.kubernetes.io/part-of': registry.product } }],
  resources: ['authority.yaml', 'network-policies.yaml', ...registry.apps.map(({ name }) => `${name}.yaml`)],
  // A changed setting gives the ConfigMap another name, so that the pods are replaced.
  configMapGenerator: registry.apps.map((app) => ({
    name: app.name,
    literals: literals(fixedSettings(app, registry, names)),
  })),
});

/** Returns settings as kustomize takes them. @param {Readonly<Record<string, string>>} settings */
export const literals = (settings) => Object.entries(settings).map(([name, value]) => `${name}=${value}`);

/** Returns the objects of an app. @param {App} app @param {AppRegistry} registry */
export const baseObjects = (app, registry) => [
  { ...object('v1', 'ServiceAccount', app.name), automountServiceAccountToken: false },
  deployment(app),
  service(app),
  {
    ...object('policy/v1', 'PodDisruptionBudget', app.name),
    spec: { maxUnavailable: 1, selector: { matchLabels: selector(app.name) } },
  },
  certificate(`${app.name}-server`, { dnsNames: [app.name], usages: ['digital signature', 'server auth'] }),
  ...(app.clientCertificate
    ? [certificate(`${app.name}-client`, { dnsNames: [app.name], usages: ['digital signature', 'client auth'] })]
    : []),
  ...(app.database ? [migrations(app)] : []),
  ...networkPolicies(app, registry),
];

/** @param {App} app */
function deployment(app) {
  const { name, port, mtlsPort } = app;
  const labels = selector(name);
  /** @param {string} path @param {object} timing */
  const probe = (path, timing) => ({ httpGet: { path, port: 'management' }, ...timing });
  const container = {
    name,
    command: ['node', `apps/${name}/dist/main.js`],
    ports: [
      { name: 'https', containerPort: port },
      ...(mtlsPort === undefined ? [] : [{ name: 'mtls', containerPort: mtlsPort }]),
      { name: 'management', containerPort: MANAGEMENT_PORT },
    ],
    startupProbe: probe('/health/live', { periodSeconds: 2, failureThreshold: 30 }),
    livenessProbe: probe('/health/live', { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }),
    // The checks of dependencies take 2 s at most.
    readinessProbe: probe('/health/ready', { periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 2 }),
    resources: resources('500m', '2', '512Mi'),
  };
  return {
    ...object('apps/v1', 'Deployment', name, labels),
    spec: {
      replicas: 2,
      minReadySeconds: 5,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels,
          annotations: {
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': String(MANAGEMENT_PORT),
            'prometheus.io/path': '/metrics',
          },
        },
        spec: podOf(app, container, {
          // A stopping server answers for SHUTDOWN_DELAY by itself, so no preStop hook is needed.
          terminationGracePeriodSeconds: GRACE_PERIOD,
          topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
            maxSkew: 1,
            topologyKey,
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: labels },
            matchLabelKeys: ['pod-template-hash'],
          })),
        }),
      },
    },
  };
}

/** @param {App} app */
const service = (app) => ({
  ...object('v1', 'Service', app.name),
  spec: {
    selector: selector(app.name),
    ports: [
      // The public URLs have no port, and lead here inside the cluster.
      { name: 'https', port: 443, targetPort: 'https' },
      ...(app.mtlsPort === undefined ? [] : [{ name: 'mtls', port: app.mtlsPort, targetPort: 'mtls' }]),
    ],
  },
});

/** @param {App} app */
function migrations(app) {
  const labels = selector(app.name, 'migrations');
  const container = {
    name: 'migrations',
    command: ['node', `apps/${app.name}/dist/migrate.js`],
    resources: resources('100m', '1', '256Mi'),
  };
  return {
    ...object('batch/v1', 'Job', `${app.name}-migrations`, labels),
    spec: {
      backoffLimit: 10,
      template: { metadata: { labels }, spec: podOf(app, container, { restartPolicy: 'Never' }) },
    },
  };
}
