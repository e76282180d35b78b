// @ts-check
import { namespace } from './network-policies.mjs';
import { databaseLabel, object } from './objects.mjs';

/** @param {readonly number[]} ports */
const tcp = (...ports) => ports.map((port) => ({ protocol: 'TCP', port }));
/** @param {object} labels */
const pods = (labels) => ({ podSelector: { matchLabels: labels } });

/** Returns who may call the database of an app: the pods of the app. @param {string} app */
const callers = (app) => ({ from: [pods({ 'app.kubernetes.io/name': app })], ports: tcp(5432) });

/** Returns the policy of a database that is one pod. @param {string} app */
export const networkPolicyOfDatabase = (app) => ({
  ...object('networking.k8s.io/v1', 'NetworkPolicy', `${app}-db`),
  spec: {
    podSelector: { matchLabels: databaseLabel(app) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [callers(app)],
  },
});

/**
 * Returns the policy of a cluster of CloudNativePG: its instances replicate, the operator watches them, and each instance calls
 * the API of Kubernetes, whose address differs between clusters.
 *
 * @param {string} app
 */
export const networkPolicyOfCluster = (app) => ({
  ...object('networking.k8s.io/v1', 'NetworkPolicy', `${app}-db`),
  spec: {
    podSelector: { matchLabels: databaseLabel(app) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      callers(app),
      { from: [pods(databaseLabel(app))], ports: tcp(5432, 8000) },
      { from: [namespace('cnpg-system')], ports: tcp(5432, 8000) },
      { from: [namespace('monitoring')], ports: tcp(9187) },
    ],
    egress: [
      { to: [pods(databaseLabel(app))], ports: tcp(5432, 8000) },
      { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: tcp(443, 6443) },
    ],
  },
});
