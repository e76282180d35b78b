// @ts-check
// Writes docs/configuration.md from the schemas of the three apps; with --check it only says whether the page is true.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const page = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const INTRODUCTION = `# Configuration

Each server reads its configuration once, at start, from environment variables. Everything missing or malformed is named
at once, and the server ends with exit code 1. Any variable can come from a file instead: \`NAME_FILE=/run/secrets/name\`
in place of \`NAME\`.

\`npm start\` and \`docker compose up\` set all of this by themselves. This page is written by
\`npm run docs:configuration\`; a test fails when it no longer fits the code.
`;

/** @param {string} app */
async function table(app) {
  const { configSchema } = await import(new URL(`../apps/${app}/dist/config.js`, import.meta.url).href);
  const { properties = {}, required = [] } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties).map(([name, property]) => {
    const { default: value, description = '' } = /** @type {z.core.JSONSchema.BaseSchema} */ (property);
    const fallback = required.includes(name) ? '**required**' : value === undefined ? '' : `\`${String(value)}\``;
    return `| \`${name}\` | ${fallback} | ${description} |`;
  });
  return `## The ${app}\n\n| variable | default | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

const tables = await Promise.all(['provider', 'backend', 'frontend'].map(table));
const text = [INTRODUCTION, ...tables].join('\n');
if (process.argv.includes('--check')) {
  const isTrue = readFileSync(page, 'utf8') === text;
  if (!isTrue) console.error('docs/configuration.md is out of date: run npm run docs:configuration');
  process.exitCode = isTrue ? 0 : 1;
} else {
  writeFileSync(page, text);
}
