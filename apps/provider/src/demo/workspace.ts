import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const AppDescription = z.object({
  kind: z.enum(['provider', 'resource-server', 'web']),
  purpose: z.string(),
  clientCertificate: z.boolean().default(false),
  uses: z.array(z.string()).default([]),
});

const MachineClientDescription = z.object({
  name: z.string(),
  description: z.string(),
  scopes: z.array(z.string()),
});

/** An app of the workspace, as its `app.json` describes it. */
export type WorkspaceApp = z.output<typeof AppDescription> & { readonly name: string; readonly url: string };

/** A machine client of the workspace, as its `client.json` describes it. */
export type MachineClient = z.output<typeof MachineClientDescription> & { readonly clientId: string };

/** The programs that the demo data registers with the provider. */
export interface Workspace {
  readonly apps: readonly WorkspaceApp[];
  readonly machineClients: readonly MachineClient[];
}

/** Returns the variable with the URL of an app, such as `DEMO_BACKEND_URL`. */
export const demoUrlVariable = (app: string): string => `DEMO_${app.toUpperCase().replaceAll('-', '_')}_URL`;

/**
 * Reads `apps/<app>/app.json` and `examples/<client>/client.json`. Leaves out apps whose URL the environment does not contain,
 * because they do not run.
 *
 * @param root the folder of the workspace.
 * @throws ZodError when a file is malformed.
 */
export function readWorkspace(root: string, environment: NodeJS.ProcessEnv): Workspace {
  const apps = filesIn(root, 'apps', 'app.json').flatMap(({ name, content }) => {
    const url = environment[demoUrlVariable(name)];
    return url ? [{ ...AppDescription.parse(content), name, url }] : [];
  });
  const machineClients = filesIn(root, 'examples', 'client.json').map(({ name, content }) => ({
    ...MachineClientDescription.parse(content),
    clientId: name,
  }));
  return { apps, machineClients };
}

function filesIn(root: string, folder: string, file: string): { name: string; content: unknown }[] {
  const parent = join(root, folder);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .sort()
    .filter((name) => existsSync(join(parent, name, file)))
    .map((name) => ({ name, content: JSON.parse(readFileSync(join(parent, name, file), 'utf8')) as unknown }));
}
