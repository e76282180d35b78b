// @ts-check
import { parseArgs } from 'node:util';
import { kinds } from './kinds.mjs';
import { checkName, Refusal } from './refusal.mjs';

/** @param {string} reason */
const usage = (reason) =>
  new Refusal(
    [
      reason,
      '',
      'Usage:',
      ...Object.entries(kinds).map(([kind, { arguments: words }]) => `  npm run new -- ${kind} ${words} [--dry-run]`),
    ].join('\n'),
  );

/**
 * Reads the arguments of `npm run new`.
 *
 * @param {string[]} args
 * @returns {{ kind: string, kindIsNeeded: boolean, generator: import('./kinds.mjs').Generator, request: import('./kinds.mjs').Request, dryRun: boolean }}
 *   `kindIsNeeded` says whether its removal needs the kind as well
 * @throws Refusal
 */
export function parseNew(args) {
  const { values, positionals } = parse(args);
  const [kind, ...rest] = positionals;
  if (kind === undefined) throw usage('Name the kind of part to generate.');
  const generator = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!generator) throw usage(`"${kind}" is not a kind of part.`);
  const expected = generator.arguments.split(' ').filter((word) => /^[A-Z]+$/.test(word)).length;
  if (rest.length !== expected) throw usage(`${kind} needs ${expected === 1 ? 'one name' : 'an app and a name'}.`);
  const name = rest.at(-1) ?? '';
  const app = rest.length > 1 ? rest[0] : undefined;
  if (values.uses !== undefined && !generator.arguments.includes('--uses'))
    throw usage(`${kind} has no option --uses.`);
  checkName(name);
  const request = { name, app, uses: values.uses };
  return { kind, kindIsNeeded: !generator.owns, generator, request, dryRun: values['dry-run'] };
}

/**
 * Reads the arguments of `npm run remove`: the name of an app or of a machine client, or a kind and its names.
 *
 * @param {string[]} args
 * @param {import('@nx/devkit').Tree} tree
 * @returns {{ generator: import('./kinds.mjs').Generator, request: import('./kinds.mjs').Request, dryRun: boolean, force: boolean }}
 * @throws Refusal
 */
export function parseRemove(args, tree) {
  const { values, positionals } = parse(args);
  const [first = '', ...rest] = positionals;
  const flags = { dryRun: values['dry-run'], force: values.force };
  const named = Object.hasOwn(kinds, first) ? kinds[first] : undefined;
  if (named && rest.length > 0) {
    return {
      ...flags,
      generator: named,
      request: { name: rest.at(-1) ?? '', app: rest.length > 1 ? rest[0] : undefined },
    };
  }
  const generator = Object.values(kinds).find(({ owns }) => owns?.(tree, first));
  if (!generator) throw new Refusal(first ? `"${first}" was not generated.` : 'Name what to remove.');
  return { ...flags, generator, request: { name: first } };
}

/** @param {string[]} args */
function parse(args) {
  try {
    const options = /** @type {const} */ ({
      'dry-run': { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      uses: { type: 'string' },
    });
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}
