// @ts-check
/** @typedef {import('./render.mjs').Manifest} Manifest */
/** @typedef {Record<string, string>} Labels */

/**
 * The pods that a Deployment, a StatefulSet or a Job makes.
 *
 * @typedef {object} Pods
 * @property {string} name of the object that makes them
 * @property {Labels} labels
 * @property {any} spec
 */

/** Returns the pods of all objects. @param {readonly Manifest[]} objects @returns {Pods[]} */
export const podsOf = (objects) =>
  objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      labels: spec.template.metadata.labels,
      spec: spec.template.spec,
    }));

/** Returns whether labels fit a selector. @param {{ matchLabels?: Labels } | undefined} selector @param {Labels} labels */
export const selects = (selector, labels) =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);

/** Returns the ports of pods by their names. @param {Pods} pods @returns {{ name: string, containerPort: number }[]} */
export const portsOf = ({ spec }) => spec.containers.flatMap((/** @type {any} */ container) => container.ports ?? []);

/**
 * Returns which pods of the namespace may call which ports of which others: those that a policy of the caller and one of the
 * called pods allow, as `caller → called: port`. Pods without a policy for a direction are not restricted in it.
 *
 * @param {readonly Manifest[]} objects
 */
export function allowedCalls(objects) {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const all = podsOf(objects);
  return all.flatMap((caller) =>
    all.flatMap((called) =>
      portsOf(called)
        .filter(
          (port) =>
            allows(policies, 'Egress', caller, called, port) && allows(policies, 'Ingress', called, caller, port),
        )
        .map(({ name }) => `${caller.name} → ${called.name}: ${name}`),
    ),
  );
}

/**
 * @param {readonly Manifest[]} policies
 * @param {'Ingress' | 'Egress'} direction
 * @param {Pods} own the pods that a policy is for
 * @param {Pods} other
 * @param {{ name: string, containerPort: number }} port
 */
function allows(policies, direction, own, other, port) {
  const mine = policies.filter(
    ({ spec }) => spec.policyTypes.includes(direction) && selects(spec.podSelector, own.labels),
  );
  const [rules, peers] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
  return (
    mine.length === 0 ||
    mine
      .flatMap(({ spec }) => spec[rules] ?? [])
      .some(
        (rule) =>
          rule[peers].some(
            (/** @type {any} */ peer) =>
              !peer.namespaceSelector && peer.podSelector && selects(peer.podSelector, other.labels),
          ) && rule.ports.some((/** @type {any} */ each) => [port.name, port.containerPort].includes(each.port)),
      )
  );
}
