// @ts-check
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as registry from '@trefoil/app-registry';
import { parse } from 'yaml';
import { staleFiles } from './compose/files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} Service
 * @property {string} [image]
 * @property {string} [restart]
 * @property {Record<string, string>} [environment]
 * @property {{ options: Record<string, string> }} [logging]
 * @property {{ resources: { limits: Record<string, unknown> } }} [deploy]
 */

/** @param {string} file */
const read = (file) => readFileSync(join(root, file), 'utf8');

/** Returns the services of a compose file; null for those that it removes. @param {string} file @returns {Record<string, Service | null>} */
const servicesOf = (file) =>
  parse(read(file).replace(/!(reset|override) /g, ''), { merge: true, logLevel: 'error' }).services;

const { apps } = registry.readAppRegistry(root);
const appNames = apps.map(({ name }) => name);
const base = servicesOf('docker-compose.yml');
const production = servicesOf('docker-compose.production.yml');

/** The services of a production installation. @type {[string, Service][]} */
const services = [...new Set([...Object.keys(base), ...Object.keys(production)])]
  .filter((name) => production[name] !== null)
  .map((name) => [name, { ...base[name], ...production[name] }]);

const LONG_RUNNING = ['postgres', 'redis', ...appNames, 'gateway'];

it('the compose files and the list for shell scripts are what npm run compose writes', () => {
  expect([...staleFiles(registry, root, read).keys()]).toEqual([]);
});

describe('the production compose file', () => {
  it('removes the services of the demo', () => {
    expect(services.map(([name]) => name).filter((name) => name.startsWith('demo'))).toEqual([]);
    expect(Object.keys(base).filter((name) => name.startsWith('demo'))).not.toEqual([]);
  });

  it.each(services)('limits what %s can use and log', (_name, { deploy, logging }) => {
    expect(Object.keys(deploy?.resources.limits ?? {})).toEqual(expect.arrayContaining(['cpus', 'memory', 'pids']));
    expect(logging?.options).toEqual({ 'max-size': expect.any(String), 'max-file': expect.any(String) });
  });

  it.each(services)('restarts %s if it is a server, and runs it once otherwise', (name, { restart }) => {
    expect(restart).toBe(LONG_RUNNING.includes(name) ? 'unless-stopped' : 'no');
  });

  it.each(services)('lets the operator choose the image of %s', (_name, { image }) => {
    expect(image).toMatch(/^\$\{\w+(:[-?][^}]+)?\}$/);
    expect(image).not.toContain('latest');
  });

  it.each(['setup', ...appNames, ...appNames.map((name) => `migrate-${name}`)])('runs %s in production mode', (name) =>
    expect(production[name]?.environment?.NODE_ENV).toBe('production'),
  );
});

it.each(['docker-compose.yml', 'docker-compose.production.yml'])('%s holds no credential', (file) => {
  expect(read(file).match(/\w+-demo-(secret|password)\b|demo-initial-access-token/g) ?? []).toEqual([]);
  // A password or a secret comes from a file, or from a variable without a default.
  expect(read(file).match(/(PASSWORD|SECRET|KEY): .*/g) ?? []).toEqual([]);
});

it('the page about Redis gives a user the commands that compose gives it', () => {
  const [, commands = ''] = /'(\+@read .*)';/.exec(read('deploy/generate-secrets.mjs')) ?? [];
  expect(commands).toContain('-@dangerous');
  expect(read('docs/state-store.md')).toContain(`&trefoil:provider:* ${commands}\n`);
});

describe('a workspace with a fourth app', () => {
  /** @type {Map<string, string>} */
  let files;

  beforeAll(() => {
    const workspace = mkdtempSync(join(tmpdir(), 'trefoil-compose-'));
    writeFileSync(join(workspace, 'package.json'), '{ "name": "trefoil" }');
    for (const app of [
      ...apps,
      {
        name: 'invoices',
        kind: 'resource-server',
        purpose: 'bills',
        port: 3003,
        hostLabel: 'bills',
        keys: ['seal-key'],
      },
    ]) {
      // JSON leaves out the member that is not part of the file.
      const { name, ...description } = { ...app, mtlsPort: undefined };
      mkdirSync(join(workspace, 'apps', name), { recursive: true });
      writeFileSync(join(workspace, 'apps', name, 'app.json'), JSON.stringify(description));
    }
    files = staleFiles(registry, workspace, () => undefined);
    rmSync(workspace, { recursive: true });
  });

  it('runs it in compose, with a database, secrets, a port and a name of its own', () => {
    const { services, volumes } = parse(files.get('docker-compose.yml') ?? '', { merge: true, logLevel: 'error' });
    expect(services['migrate-invoices'].command).toEqual(['node', 'apps/invoices/dist/migrate.js']);
    expect(services.invoices).toMatchObject({
      command: ['node', 'apps/invoices/dist/main.js'],
      environment: { PORT: '3003', CLIENT_ID: 'invoices', SEAL_KEY_FILE: '/run/secrets/trefoil/seal-key' },
      volumes: ['invoices-secrets:/run/secrets/trefoil:ro'],
      ports: ['127.0.0.1:3003:3003'],
      networks: { private: { aliases: ['bills.localhost'] } },
    });
    expect(services.secrets.volumes).toContain('invoices-secrets:/secrets/invoices');
    expect(Object.keys(volumes)).toContain('invoices-secrets');
    expect(files.get('deploy/postgres/apps.sh')).toContain('trefoil_backend trefoil_invoices trefoil_frontend');
  });

  it('serves it in production by the gateway', () => {
    const text = (files.get('docker-compose.production.yml') ?? '').replace(/!(reset|override) /g, '');
    const { services } = parse(text, { merge: true, logLevel: 'error' });
    expect(services.gateway.environment.SERVERS).toContain('${BILLS_HOST} invoices:3003\n');
    expect(services.gateway.networks.private.aliases).toContain('${BILLS_HOST}');
    expect(services.invoices.environment.PUBLIC_URL).toMatch(/^https:\/\/\$\{BILLS_HOST:\?Set BILLS_HOST to /);
    // Nobody uses it yet. A server refuses to start without a client.
    expect(services.invoices.environment.USER_CLIENTS).toBe('frontend');
  });
});
