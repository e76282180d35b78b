// @ts-check
// Writes docs/limits.md from the tables of limits of the apps, or checks it: [--check].
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readApps, writePage } from './page.mjs';

const INTRODUCTION = `# Limits

These tables list every limit on what a sender can make a server store, compute or send. A request beyond a limit is answered
with 429 and \`Retry-After\`. Each sender has a counter of its own, which all replicas share, so a sender never uses up the
limit of another. A network is an IPv4 address, or the first 64 bits of an IPv6 address; behind a proxy it is the address that
the proxy reports (\`TRUSTED_PROXIES\`). Limits on failures count only failed attempts.

\`npm run docs:limits\` writes this page from the file \`limits.ts\` of each app. A test fails when it is out of date.
`;

/** @typedef {import('../../libs/server-kit/src/admission/limit.js').Limit} Limit */
/** @typedef {import('../../libs/server-kit/src/admission/limit.js').Bound} Bound */

/** @param {string} app */
async function section(app) {
  const file = new URL(`../../apps/${app}/dist/limits.js`, import.meta.url);
  if (!existsSync(file)) return '';
  const { configSchema } = await import(new URL(`../../apps/${app}/dist/config.js`, import.meta.url).href);
  const { properties = {} } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  const defaults = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      /** @type {{ default?: unknown }} */ (property).default,
    ]),
  );
  /** @type {{ limitsOf: (config: object) => Record<string, Limit>, BOUNDS: readonly Bound[] }} */
  const { limitsOf, BOUNDS } = await import(file.href);
  const limits = Object.values(limitsOf(defaults)).map(
    ({ counts, per, points, windowSeconds, setting }) =>
      `| ${counts} | ${per} | ${points} in ${duration(windowSeconds)} | ${setting ? `\`${setting}\`` : 'fixed'} |`,
  );
  const bounds = BOUNDS.map(({ of, most, setting }) => `| ${of} | ${most} | ${setting ? `\`${setting}\`` : 'fixed'} |`);
  const counted =
    limits.length === 0
      ? ''
      : `| what is counted | per | limit | setting |
|---|---|---|---|
${limits.join('\n')}

`;
  return `## The ${app}

${counted}| what is bounded | at most | setting |
|---|---|---|
${bounds.join('\n')}
`;
}

/** @param {number} seconds */
const duration = (seconds) =>
  seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;

const { apps } = await readApps();
const sections = await Promise.all(apps.map(({ name }) => section(name)));
const text = [INTRODUCTION, ...sections.filter(Boolean)].join('\n');
writePage('limits', text);
