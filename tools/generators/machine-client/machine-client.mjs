// @ts-check
import { generateFiles } from '@nx/devkit';
import { fileURLToPath } from 'node:url';
import { addReference, editJson, read } from '../edits.mjs';
import { entityOf, nameOf } from '../names.mjs';
import { Refusal } from '../refusal.mjs';
import { appsOf, checkFree, scopeOf, usedServers, versionsOf } from '../workspace-facts.mjs';

/** @typedef {import('@nx/devkit').Tree} Tree */

const FILES = fileURLToPath(new URL('files', import.meta.url));

/**
 * Generates a program that reads lists of resource servers with tokens of its own (RFC 6749 §4.4).
 *
 * @type {import('../kinds.mjs').Generator}
 */
export const machineClient = {
  arguments: 'NAME --uses RESOURCE-SERVER[,RESOURCE-SERVER]',
  check: (tree, { name, uses }) => {
    checkFree(tree, name);
    for (const { name: used } of usedServers(tree, uses ?? '')) listOf(tree, used);
  },
  write: (tree, { name, uses }) => {
    const servers = usedServers(tree, uses ?? '').map(({ name: used, port }) => ({
      ...listOf(tree, used),
      url: `http://localhost:${port}`,
      variable: `${used.toUpperCase().replaceAll('-', '_')}_URL`,
    }));
    const issuer = `http://localhost:${appsOf(tree).find(({ kind }) => kind === 'provider')?.port}`;
    const client = nameOf(name);
    const description = `A machine client that reads ${servers.map((server) => server.words).join(' and ')}`;
    const values = { name, client, servers, issuer, description, scope: scopeOf(tree), versions: versionsOf(tree) };
    generateFiles(tree, FILES, `examples/${name}`, values);
  },
  files: (_tree, { name }) => [`examples/${name}`],
  edits: (_tree, { name }) => [
    addReference(`examples/${name}`, 'e2e'),
    editJson(
      'package.json',
      (/** @type {{ scripts: Record<string, string> }} */ { scripts }) => {
        scripts[`example:${name}`] = `node tools/example.mjs ${name}`;
      },
      ({ scripts }) => delete scripts[`example:${name}`],
    ),
  ],
  projects: ({ name }) => [`examples/${name}`],
  owns: (tree, name) => tree.exists(`examples/${name}/client.json`),
  earlier: (tree, request) => {
    /** @type {{ scopes: string[] }} */
    const { scopes } = JSON.parse(read(tree, `examples/${request.name}/client.json`));
    return { request: { ...request, uses: scopes.map((scope) => scope.replace(/:.*/, '')).join() } };
  },
  left: (_tree, { name }) => [`Its registration is kept: npm run trefoil -- client delete ${name}`],
  nextSteps: (_tree, { name }) => [
    ['npm start', 'starts all servers, and registers the client with the provider of this machine'],
    [`npm run example:${name}`, 'runs it, in a second terminal'],
    [`npm run trefoil -- client create --id ${name} --help`, 'shows how to register it in another installation'],
  ],
};

/**
 * Returns the list of a resource server that a machine client can read: its path, and its scopes for machines.
 *
 * @param {Tree} tree
 * @param {string} server
 */
function listOf(tree, server) {
  if (server === 'backend') {
    throw new Refusal('The backend has an export for machine clients. examples/marketing-sync shows how to read it.');
  }
  const { plural } = entityOf(server);
  const scopesFile = `libs/dto/src/scopes/${server}-scopes.ts`;
  const scopes = [...read(tree, scopesFile).matchAll(/name: '([^']+:read)'/g)].map(([, name = '']) => name);
  if (scopes.length === 0) throw new Refusal(`${scopesFile} has no scope that ends in :read.`);
  return { path: `/v1/${plural.kebab}`, words: plural.words, scopes };
}
