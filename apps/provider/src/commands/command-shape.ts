import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** A command that says what it does, with examples, and answers in JSON on demand. */
export const command = (name: string, summary: string, examples: readonly string[]) =>
  new Command(name)
    .description(summary)
    .option('--json', 'answer in JSON')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  trefoil ${example}`).join('\n')}`);

/** For commands that take something away: does not ask. */
export const yesOption = () => new Option('--yes', 'do it without asking');

/** Commands about one thing. */
export function commandGroup(
  name: string,
  summary: string,
  commands: readonly CommandUnknownOpts[],
): CommandUnknownOpts {
  const group = new Command(name).description(summary);
  for (const each of commands) group.addCommand(each);
  return group;
}
