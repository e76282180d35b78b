import { readFileSync } from 'node:fs';

/** The shell commands of one block of a guide. */
export interface GuideBlock {
  /** The heading of the section that contains the block. */
  readonly heading: string;
  readonly commands: string;
}

/** Returns the shell blocks of a section of a page and of its subsections, in their order. A block may be in a list. */
export function readGuide(page: URL, section: string): GuideBlock[] {
  const text = readFileSync(page, 'utf8');
  const [, body = ''] = text.split(`\n## ${section}\n`);
  const [own = ''] = body.split(/\n## /);
  return own.split(/\n### /).flatMap((part) =>
    [...part.matchAll(/^( *)```sh\n(.*?)^\1```$/gms)].map(([, , commands = '']) => ({
      heading: part.split('\n', 1)[0] ?? '',
      commands,
    })),
  );
}

/**
 * Replaces the example values of a guide.
 *
 * @throws Error when a value does not occur in any block, because the guide no longer uses it.
 */
export function replaceValues(blocks: readonly GuideBlock[], values: Readonly<Record<string, string>>): GuideBlock[] {
  for (const value of Object.keys(values)) {
    if (!blocks.some(({ commands }) => commands.includes(value))) throw new Error(`The guide has no ${value}.`);
  }
  return blocks.map(({ heading, commands }) => ({
    heading,
    commands: Object.entries(values).reduce((text, [from, to]) => text.replaceAll(from, to), commands),
  }));
}
