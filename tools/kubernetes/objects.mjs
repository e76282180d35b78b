// @ts-check
/** @typedef {import('../../libs/app-registry/src/index.js').App} App */
/** @typedef {import('../../libs/app-registry/src/index.js').AppRegistry} AppRegistry */
/** @typedef {typeof import('../../libs/app-registry/src/index.js')} Names */
/** @typedef {Record<string, unknown>} Manifest an object of Kubernetes, or a kustomization */

/** The port of `/health/*` and `/metrics` in every container. */
export const MANAGEMENT_PORT = 9000;

/** The seconds for which a stopping server still answers. Balancers have to notice within them. */
export const SHUTDOWN_DELAY = 10;
/** The seconds that a server may take after that (libs/server-kit/src/start.ts), and some to spare. */
const LAST_REQUESTS = 35;
export const GRACE_PERIOD = SHUTDOWN_DELAY + LAST_REQUESTS;

/** Returns the labels that select the pods of an app. @param {string} name @param {string} [component] */
export const selector = (name, component = 'server') => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/component': component,
});

/** Returns the label of the pods that serve the database of an app. @param {string} app */
export const databaseLabel = (app) => ({ 'trefoil/database': app });

/**
 * Returns the start of an object.
 *
 * @param {string} apiVersion
 * @param {string} kind
 * @param {string} name
 * @param {object} [labels]
 */
export const object = (apiVersion, kind, name, labels) => ({
  apiVersion,
  kind,
  metadata: { name, ...(labels && { labels }) },
});

/** The security context that the profile `restricted` of the pod security standards demands of a pod. @param {number} user */
export const podSecurity = (user) => ({
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  seccompProfile: { type: 'RuntimeDefault' },
});

export const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Memory is requested as a whole, because a container that exceeds its request is the first to be killed. @param {string} cpu @param {string} most @param {string} memory */
export const resources = (cpu, most, memory) => ({
  requests: { cpu, memory },
  limits: { cpu: most, memory },
});
