// @ts-check
// Writes docs/configuration.md from the registry of apps and their configuration schemas, or checks it: [--check].
import { z } from 'zod';
import { readApps, registry, writePage } from './page.mjs';

const INTRODUCTION = `# Configuration

Each server reads its configuration from environment variables when it starts. If variables are missing or malformed, it
prints all of them and stops with exit code 1. The value of a variable may also be in a file: set
\`NAME_FILE=/run/secrets/name\` instead of \`NAME\`.

\`npm start\` and \`docker compose up\` set these variables. \`npm run docs:configuration\` writes this page from the
configuration schemas. A test fails when it is out of date.
`;

/** Returns the section about an app. @param {string} app */
async function table(app) {
  const { configSchema } = await import(new URL(`../../apps/${app}/dist/config.js`, import.meta.url).href);
  const { properties = {}, required = [] } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties).map(([name, property]) => {
    const { default: value, description = '' } = /** @type {z.core.JSONSchema.BaseSchema} */ (property);
    const fallback = required.includes(name) ? '**required**' : value === undefined ? '' : `\`${String(value)}\``;
    return `| \`${name}\` | ${fallback} | ${description} |`;
  });
  return `## The ${app}\n\n| variable | default | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

/** Returns the section about `npm start`. @param {import('../../libs/app-registry/src/index.js').App[]} apps */
async function startTable(apps) {
  const { portVariable, urlVariable } = await registry();
  const rows = apps.map(({ name, port }) => `| \`${portVariable(name)}\` | \`${port}\` | Port of the ${name} |`);
  const demo = apps.filter(({ kind }) => kind !== 'provider').map(({ name }) => `\`DEMO_${urlVariable(name)}\``);
  return `## npm start

\`npm start\` reads these variables. The defaults are in the file \`app.json\` of each app.

| variable | default | meaning |
|---|---|---|
${rows.join('\n')}

The demo data of the provider registers clients at the URLs in ${demo.join(' and ')}.
`;
}

const { apps } = await readApps();
const tables = await Promise.all([startTable([...apps]), ...apps.map(({ name }) => table(name))]);
const text = [INTRODUCTION, ...tables].join('\n');
writePage('configuration', text);
