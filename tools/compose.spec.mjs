// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

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

const base = servicesOf('docker-compose.yml');
const production = servicesOf('docker-compose.production.yml');

/** The services of a production installation. @type {[string, Service][]} */
const services = [...new Set([...Object.keys(base), ...Object.keys(production)])]
  .filter((name) => production[name] !== null)
  .map((name) => [name, { ...base[name], ...production[name] }]);

const LONG_RUNNING = ['postgres', 'provider', 'backend', 'frontend', 'gateway'];

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

  it.each(['setup', 'provider', 'backend', 'frontend', 'migrate-provider', 'migrate-backend', 'migrate-frontend'])(
    'runs %s in production mode',
    (name) => expect(production[name]?.environment?.NODE_ENV).toBe('production'),
  );
});

it.each(['docker-compose.yml', 'docker-compose.production.yml'])('%s holds no credential', (file) => {
  expect(read(file).match(/\w+-demo-(secret|password)\b|demo-initial-access-token/g) ?? []).toEqual([]);
  // A password or a secret comes from a file, or from a variable without a default.
  expect(read(file).match(/(PASSWORD|SECRET|KEY): .*/g) ?? []).toEqual([]);
});
