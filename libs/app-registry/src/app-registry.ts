import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type AppKind, appSchema, KINDS, mtlsPortFor } from './app.js';
import { productName } from './names.js';

/** The apps of a workspace. */
export interface AppRegistry {
  /** The name of the product, with which the names of databases begin. */
  readonly product: string;
  /** Every app: the provider first, then resource servers, then web apps, each in alphabetical order. */
  readonly apps: readonly App[];
  /** The one app of the kind `provider`. */
  readonly provider: App;
}

/**
 * Reads the `app.json` of each folder in `apps`.
 *
 * @param root the folder of the workspace.
 * @throws Error that names each file and field that is wrong.
 */
export function readAppRegistry(root: string): AppRegistry {
  const folders = readdirSync(join(root, 'apps')).filter((name) => existsSync(join(root, fileOf(name))));
  const read = folders.sort().map((name) => readApp(root, name));
  const apps = KINDS.flatMap((kind: AppKind) => read.filter((app) => app.kind === kind));
  const problems = conflictsOf(apps);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const provider = apps.find(({ kind }) => kind === 'provider');
  if (!provider) throw new Error('No app is the provider. Set "kind": "provider" in the app.json of one app.');
  return { product: productName(root), apps, provider };
}

const fileOf = (name: string): string => `apps/${name}/app.json`;

function readApp(root: string, name: string): App {
  const { success, data, error } = appSchema.safeParse(readJson(root, fileOf(name)));
  if (!success) {
    const problems = error.issues.map(({ path, message }) =>
      path.length === 0 ? `${fileOf(name)}: ${message}` : `${fileOf(name)}: \`${path.join('.')}\` ${message}`,
    );
    throw new Error(problems.join('\n'));
  }
  const { $schema: _, ...app } = data;
  const mtlsPort = app.kind === 'web' ? undefined : mtlsPortFor(app.port);
  return { ...app, name, hostLabel: app.hostLabel ?? name, mtlsPort };
}

function readJson(root: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')) as unknown;
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Returns what contradicts itself between the files. */
function conflictsOf(apps: readonly App[]): string[] {
  const problems: string[] = [];
  for (const [index, app] of apps.entries()) {
    const earlier = apps.slice(0, index);
    for (const field of ['port', 'hostLabel'] as const) {
      const other = earlier.find((one) => one[field] === app[field]);
      if (other) problems.push(`${fileOf(app.name)}: \`${field}\` is ${app[field]}, as in ${fileOf(other.name)}.`);
    }
    const taken = earlier.find(({ port, mtlsPort }) => port === app.mtlsPort || mtlsPort === app.port);
    if (taken) {
      problems.push(
        `${fileOf(app.name)}: \`port\` is ${app.port}, which collides with the port for client certificates: it is 400 above \`port\`, also in ${fileOf(taken.name)}.`,
      );
    }
    const other = earlier.find(({ kind }) => kind === 'provider' && app.kind === 'provider');
    if (other) problems.push(`${fileOf(app.name)}: \`kind\` is provider, as in ${fileOf(other.name)}.`);
    for (const used of app.uses)
      if (!apps.some(({ name, kind }) => name === used && kind === 'resource-server'))
        problems.push(`${fileOf(app.name)}: \`uses\` names "${used}", which is no resource server.`);
  }
  return problems;
}
