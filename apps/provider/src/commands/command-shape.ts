import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** Builds a command with a summary, examples and the option `--json`. */
export const command = (name: string, summary: string, examples: readonly string[]) =>
  new Command(name)
    .description(summary)
    .option('--json', 'answer in JSON')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  trefoil ${example}`).join('\n')}`);

/** Builds the option `--yes` of commands that revoke or disable something. */
export const yesOption = () => new Option('--yes', 'do not ask for confirmation');

/** Builds a group of commands about one kind of object. */
export function commandGroup(
  name: string,
  summary: string,
  commands: readonly CommandUnknownOpts[],
): CommandUnknownOpts {
  const group = new Command(name).description(summary);
  for (const each of commands) group.addCommand(each);
  return group;
}
