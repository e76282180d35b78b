// @ts-check
import { parseNew } from './command-line.mjs';
import { Refusal } from './refusal.mjs';
import { applyChanges, checkClean, describeChanges, openTree, rollBack } from './workspace-changes.mjs';

/**
 * Generates a part of the workspace, or prints what it would write. A generation that fails leaves the workspace as it was.
 *
 * @param {string} root of the workspace
 * @param {string[]} args of the command line
 * @param {(what: string) => void} step prints a step
 * @returns {Promise<number>} the exit code: 0, 1 when a step failed, 2 when the request was refused
 */
export async function generate(root, args, step) {
  const tree = openTree(root);
  let parsed;
  try {
    parsed = parseNew(args);
    if (!parsed.dryRun) checkClean(root);
    parsed.generator.check(tree, parsed.request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    return 2;
  }
  const { generator, request, dryRun } = parsed;
  generator.write(tree, request);
  const created = tree.listChanges().map(({ path }) => path);
  for (const { make } of generator.edits(tree, request)) make(tree);
  if (dryRun) {
    console.log(await describeChanges(root, tree));
    return 0;
  }
  // The steps see the signal themselves and fail, and then everything is rolled back.
  process.on('SIGINT', () => undefined);
  step(`Writing ${created.length} files`);
  try {
    await applyChanges(root, tree, generator.projects(request), step);
  } catch (error) {
    rollBack(root, [...created, ...generator.files(tree, request)]);
    console.error(`${error instanceof Error ? error.message : String(error)}\nNothing was generated.`);
    return 1;
  }
  step(`${request.name} is ready`);
  const steps = generator.nextSteps(tree, request).map(([command, purpose]) => `  ${command}\n      ${purpose}`);
  const words = parsed.kindIsNeeded ? [parsed.kind, request.app, request.name] : [request.name];
  const undo = `npm run remove -- ${words.filter(Boolean).join(' ')}`;
  console.log(['', 'Next:', '', ...steps, '', `  ${undo}`, '      undoes it', ''].join('\n'));
  return 0;
}
