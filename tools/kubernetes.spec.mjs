// @ts-check
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as registry from '@trefoil/app-registry';
import { parseAllDocuments } from 'yaml';
import { allowedCalls, podsOf, portsOf, selects } from './kubernetes/allowed-calls.mjs';
import { filesOfRemovedApps, FOLDER, manifests, staleManifests } from './kubernetes/files.mjs';
import { render } from './kubernetes/render.mjs';
import { schemaProblems } from './kubernetes/schema.mjs';

/** @typedef {import('./kubernetes/render.mjs').Manifest} Manifest */

const root = fileURLToPath(new URL('..', import.meta.url));
const { apps } = registry.readAppRegistry(root);
const appNames = apps.map(({ name }) => name);
const overlays = /** @type {const} */ (['demo', 'production']);

/** @param {string} file */
const read = (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined);
/** @param {string} overlay */
const folderOf = (overlay) => join(root, FOLDER, 'overlays', overlay);

const rendered = { demo: render(folderOf('demo')), production: render(folderOf('production')) };
const guide = read('docs/kubernetes.md') ?? '';

/** @param {readonly Manifest[]} objects @param {string} kind */
const ofKind = (objects, kind) => objects.filter((object) => object.kind === kind);
/** @param {readonly Manifest[]} objects @param {string} kind */
const namesOf = (objects, kind) => ofKind(objects, kind).map(({ metadata }) => metadata.name);
/** @param {readonly Manifest[]} objects @param {string} kind @param {string} name */
const find = (objects, kind, name) => {
  const found = ofKind(objects, kind).find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`There is no ${kind} ${name}.`);
  return found;
};

it('the manifests are what npm run kubernetes writes', () => {
  expect([...staleManifests(registry, root, read).keys(), ...filesOfRemovedApps(registry, root)]).toEqual([]);
});

/** Returns the objects that kubectl renders; undefined where it is missing or too old. @param {string} folder */
function renderWithKubectl(folder) {
  const { status, stdout } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  return status === 0 ? parseAllDocuments(stdout).map((document) => document.toJS()) : undefined;
}

const byKubectl = overlays.map((overlay) => [overlay, renderWithKubectl(folderOf(overlay))]);
const comparison = byKubectl.some(([, objects]) => objects === undefined)
  ? it.skip.each([['(no kubectl 1.21 or later)', undefined]])
  : it.each(byKubectl);

comparison('kubectl renders the same objects as the checks here: %s', (overlay, objects) => {
  /** Sorts objects, and removes the hashes at the end of generated names. @param {unknown} all */
  const normal = (all) =>
    JSON.parse(JSON.stringify(all).replaceAll(/("(?:name)":"(?:[a-z-]+?))-[a-z0-9]{10}"/g, '$1"')).sort(
      (/** @type {Manifest} */ a, /** @type {Manifest} */ b) =>
        `${a.kind} ${a.metadata.name}`.localeCompare(`${b.kind} ${b.metadata.name}`),
    );
  expect(normal(rendered[/** @type {'demo'} */ (overlay)])).toEqual(normal(objects));
});

describe('the schemas of Kubernetes, cert-manager and CloudNativePG', () => {
  it('accept every object', () => {
    expect(schemaProblems([...rendered.demo, ...rendered.production])).toEqual([]);
  }, 60_000);

  it('refuse a field that is misspelt, a wrong type and a missing field', () => {
    const objects = structuredClone(rendered.production);
    const deployment = find(objects, 'Deployment', 'backend');
    deployment.spec.template.spec.containers[0].readynessProbe = {};
    find(objects, 'HorizontalPodAutoscaler', 'backend').spec.minReplicas = 'two';
    find(objects, 'Certificate', 'backend-client').spec.durration = '1h';
    find(objects, 'Cluster', 'backend-db').spec.storage.sise = '1Gi';
    delete find(objects, 'PodDisruptionBudget', 'backend').spec;
    delete find(objects, 'Certificate', 'backend-server').spec.secretName;
    expect(schemaProblems(objects)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Deployment backend: .*"readynessProbe"/),
        expect.stringMatching(/^HorizontalPodAutoscaler backend: .*'string'.*'number'/),
        expect.stringMatching(/^Certificate backend-client: .*"durration"/),
        expect.stringMatching(/^Cluster backend-db: .*"sise"/),
        expect.stringMatching(/^Certificate backend-server: .*secretName/),
      ]),
    );
  }, 60_000);
});

describe.each(overlays)('the overlay %s', (overlay) => {
  const objects = rendered[overlay];
  const pods = podsOf(objects);
  const containers = pods.flatMap(({ name, spec }) =>
    spec.containers.map(
      (/** @type {any} */ container) => /** @type {const} */ ([`${name}/${container.name}`, container, spec]),
    ),
  );

  it.each(apps)('has everything for the app $name', ({ name, database, clientCertificate }) => {
    for (const kind of ['Deployment', 'Service', 'ServiceAccount', 'PodDisruptionBudget', 'NetworkPolicy']) {
      expect(namesOf(objects, kind)).toContain(name);
    }
    expect(namesOf(objects, 'Certificate')).toContain(`${name}-server`);
    expect(namesOf(objects, 'Certificate').includes(`${name}-client`)).toBe(clientCertificate);
    expect(namesOf(objects, 'Job').includes(`${name}-migrations`)).toBe(database);
    if (overlay === 'production') expect(namesOf(objects, 'HorizontalPodAutoscaler')).toContain(name);
  });

  it('denies every call that no policy allows', () => {
    expect(find(objects, 'NetworkPolicy', 'default-deny').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('lets servers call each other only as the guide says', () => {
    // A workspace may have more apps.
    const servers = allowedCalls(objects).filter((call) =>
      /^(provider|backend|frontend) → (provider|backend|frontend):/.test(call),
    );
    expect(servers.sort()).toEqual(
      [
        'backend → provider: https',
        'backend → provider: mtls',
        'frontend → backend: https',
        'frontend → backend: mtls',
        'frontend → provider: https',
        'frontend → provider: mtls',
        'provider → frontend: https',
      ].sort(),
    );
  });

  it('has only selectors that fit pods', () => {
    for (const { kind, metadata, spec } of objects) {
      const selectors = {
        Deployment: spec?.selector,
        PodDisruptionBudget: spec?.selector,
        Service: kind === 'Service' && { matchLabels: spec.selector },
        NetworkPolicy: spec?.podSelector,
      }[kind];
      if (!selectors || isOfOperator(metadata.name)) continue;
      const fitting = pods.filter(({ labels }) => selects(selectors, labels)).map(({ name }) => name);
      expect([kind, metadata.name, fitting]).not.toEqual([kind, metadata.name, []]);
      // A Service or a budget of an app concerns its servers, and none of its jobs.
      if (kind !== 'NetworkPolicy') expect(fitting).toHaveLength(1);
    }
  });

  /** Returns whether the pods of an object are made by CloudNativePG. @param {string} name */
  const isOfOperator = (name) => overlay === 'production' && name.endsWith('-db');

  it('names only ports that the containers have', () => {
    /** @param {any} selector @param {any} port */
    const hasPort = (selector, port) =>
      pods.some(
        (each) =>
          selects(selector, each.labels) &&
          portsOf(each).some(({ name, containerPort }) => [name, containerPort].includes(port)),
      );
    for (const { metadata, spec } of ofKind(objects, 'Service')) {
      for (const { targetPort } of spec.ports) {
        expect([metadata.name, targetPort, hasPort({ matchLabels: spec.selector }, targetPort)]).toEqual([
          metadata.name,
          targetPort,
          true,
        ]);
      }
    }
    for (const { metadata, spec } of ofKind(objects, 'NetworkPolicy').filter(
      (each) => !isOfOperator(each.metadata.name),
    )) {
      const ingress = (spec.ingress ?? []).flatMap((/** @type {any} */ rule) =>
        rule.ports.map((/** @type {any} */ { port }) => [spec.podSelector, port]),
      );
      const egress = (spec.egress ?? []).flatMap((/** @type {any} */ { to, ports }) =>
        to
          .filter((/** @type {any} */ peer) => peer.podSelector && !peer.namespaceSelector)
          .flatMap((/** @type {any} */ peer) => ports.map((/** @type {any} */ { port }) => [peer.podSelector, port])),
      );
      for (const [selector, port] of [...ingress, ...egress]) {
        // The databases and Redis of production are elsewhere.
        if (overlay === 'production' && (port === 5432 || port === 6379)) continue;
        expect([metadata.name, port, hasPort(selector, port)]).toEqual([metadata.name, port, true]);
      }
    }
    for (const [, container] of containers) {
      const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe].filter(Boolean);
      const named = probes.map((probe) => probe.httpGet?.port ?? probe.tcpSocket?.port).filter(Boolean);
      expect(container.ports?.map((/** @type {any} */ { name }) => name) ?? []).toEqual(expect.arrayContaining(named));
    }
    for (const { spec } of ofKind(objects, 'Ingress')) {
      const { name, port } = spec.rules[0].http.paths[0].backend.service;
      expect(find(objects, 'Service', name).spec.ports).toContainEqual(expect.objectContaining(port));
    }
  });

  it('uses only secrets and settings that are made here or that the guide says how to make', () => {
    const made = [
      ...ofKind(objects, 'Certificate').map(({ spec }) => spec.secretName),
      ...namesOf(objects, 'Cluster').map((name) => `${name}-app`),
    ];
    const volumes = pods.flatMap(({ spec }) => spec.volumes ?? []);
    const used = [
      ...volumes.flatMap(({ secret, projected }) => [
        secret?.secretName,
        ...(projected?.sources ?? []).map((/** @type {any} */ source) => source.secret?.name),
      ]),
      ...containers.flatMap(([, { env = [] }]) =>
        env.map((/** @type {any} */ each) => each.valueFrom?.secretKeyRef?.name),
      ),
    ].filter(Boolean);
    const missing = new Set(used.filter((name) => !made.includes(name) && !isInGuide(name)));
    expect([...missing]).toEqual([]);
    const settings = containers.flatMap(([, { envFrom = [] }]) =>
      envFrom.map((/** @type {any} */ each) => each.configMapRef.name),
    );
    expect(namesOf(objects, 'ConfigMap')).toEqual(expect.arrayContaining(settings));
    expect(namesOf(objects, 'Secret')).toEqual([]);
  });

  it.each(containers)(
    'runs %s unprivileged, with limits, a read-only root and a versioned image',
    (_name, container, spec) => {
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(container.resources.limits)).toEqual(['cpu', 'memory']);
      expect(container.image).toMatch(/:(?!latest$)[^:/]+$/);
      // A file that is mounted by subPath is never renewed.
      expect(container.volumeMounts.filter((/** @type {any} */ { subPath }) => subPath)).toEqual([]);
    },
  );

  it.each(appNames)('gives %s settings that its configuration accepts', async (name) => {
    const { configSchema } = await import(`../apps/${name}/src/config.js`);
    const data = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith(`${name}-`))?.data;
    const ofOthers = ['NODE_EXTRA_CA_CERTS', 'PGSSLMODE'];
    const given = Object.entries(data).filter(([variable]) => !ofOthers.includes(variable));
    const environment = Object.fromEntries(
      given.map(([variable, value]) =>
        variable.endsWith('_FILE') ? [variable.slice(0, -5), contentOf(value)] : [variable, value],
      ),
    );
    expect(Object.keys(environment).filter((variable) => !(variable in configSchema.shape))).toEqual([]);
    expect(configSchema.safeParse(environment)).toMatchObject({ success: true });
    expect(environment.NODE_ENV).toBe(overlay === 'production' ? 'production' : 'development');
    const own = pods.find((each) => each.name === name);
    const files = JSON.stringify(own?.spec.volumes);
    for (const [, path] of given.filter(([variable]) => variable.endsWith('_FILE'))) {
      expect(files).toContain(`"path":"${path.split('/').at(-1)}"`);
    }
  });

  it.each(appNames)('stops %s only after balancers have noticed and the last requests are answered', (name) => {
    const { spec } = find(objects, 'Deployment', name).spec.template;
    const { periodSeconds, failureThreshold } = spec.containers[0].readinessProbe;
    const longest = /LONGEST_SHUTDOWN = (\d+)/.exec(read('libs/server-kit/src/start.ts') ?? '')?.[1];
    const config = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith(`${name}-`));
    const delay = Number(config?.data.SHUTDOWN_DELAY);
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(delay + Number(longest));
    expect(periodSeconds * failureThreshold).toBeLessThan(delay);
  });
});

/** Returns whether the guide creates a secret. It does so for all apps in a loop. @param {string} name */
function isInGuide(name) {
  const [, kind] = /^.*?-(keys|db-app)$/.exec(name) ?? [];
  return guide.includes(`create secret generic ${kind === undefined ? name : `$app-${kind}`} `);
}

/** Returns a value as it may be in a secret file. @param {string} path */
function contentOf(path) {
  if (path.endsWith('database-url')) return 'postgresql://app:secret@app-db-rw.trefoil:5432/app';
  if (path.endsWith('redis-url')) return 'rediss://redis:6379';
  return path.endsWith('client-secret') ? 'secret' : 'A'.repeat(43);
}

it('production has nothing of the demo', () => {
  expect(JSON.stringify(rendered.production)).not.toMatch(/demo|seed\.js|trefoil\.test/);
});

describe('a workspace with a fourth app', () => {
  /** @type {Manifest[][]} */
  let both;

  beforeAll(() => {
    const workspace = mkdtempSync(join(tmpdir(), 'trefoil-kubernetes-'));
    writeFileSync(join(workspace, 'package.json'), '{ "name": "trefoil" }');
    const frontend = JSON.parse(read('apps/frontend/app.json') ?? '');
    const invoices = { kind: 'resource-server', purpose: 'the API of invoices', port: 3003, keys: ['dpop-nonce-key'] };
    for (const [name, content] of Object.entries({
      provider: read('apps/provider/app.json'),
      backend: read('apps/backend/app.json'),
      frontend: JSON.stringify({ ...frontend, uses: ['backend', 'invoices'] }),
      invoices: JSON.stringify(invoices),
    })) {
      mkdirSync(join(workspace, 'apps', name), { recursive: true });
      writeFileSync(join(workspace, 'apps', name, 'app.json'), content ?? '');
    }
    cpSync(join(root, FOLDER), join(workspace, FOLDER), { recursive: true });
    for (const [file, text] of manifests(registry.readAppRegistry(workspace), registry)) {
      mkdirSync(dirname(join(workspace, file)), { recursive: true });
      writeFileSync(join(workspace, file), text);
    }
    both = overlays.map((overlay) => render(join(workspace, FOLDER, 'overlays', overlay)));
    rmSync(workspace, { recursive: true });
  });
  it('has valid manifests, and lets it be called by those who use it', () => {
    expect(schemaProblems(both.flat())).toEqual([]);
    for (const objects of both) {
      const calls = allowedCalls(objects).filter((call) => /→ invoices:|^invoices →/.test(call));
      expect(calls.filter((call) => !/-db:|redis:/.test(call)).sort()).toEqual([
        'frontend → invoices: https',
        'frontend → invoices: mtls',
        'invoices → provider: https',
        'invoices → provider: mtls',
      ]);
    }
  }, 60_000);
});
