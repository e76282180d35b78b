import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readGuide, replaceValues } from '../operations/guide.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The commands of a page in docs/examples, run in the workspace against servers on other ports. */
export class PageCommands {
  private readonly page: URL;
  private readonly values: Readonly<Record<string, string>>;

  /** @param values the values of the page and those of the test. */
  constructor(name: string, values: Readonly<Record<string, string>>) {
    this.page = new URL(`../../../docs/examples/${name}.md`, import.meta.url);
    this.values = values;
    const sections = [...readFileSync(this.page, 'utf8').matchAll(/^## (.+)$/gm)].map(([, section = '']) => section);
    // Fails when the page no longer uses a value.
    replaceValues(
      sections.flatMap((section) => readGuide(this.page, section)),
      values,
    );
  }

  /** Returns the commands of some sections as one script. */
  scriptOf(...sections: readonly string[]): string {
    const blocks = sections.flatMap((section) => readGuide(this.page, section)).map(({ commands }) => commands);
    if (blocks.length === 0) throw new Error(`The page has no commands in ${sections.join(', ')}.`);
    return Object.entries(this.values).reduce((text, [from, to]) => text.replaceAll(from, to), blocks.join('\n'));
  }

  /** Runs the commands of some sections, and returns what they write. Throws when one of them fails. */
  async run(sections: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const child = this.start(sections, environment);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const exitCode = await new Promise((resolve) => child.once('close', resolve));
    if (exitCode !== 0)
      throw new Error(`The commands of ${sections.join(', ')} failed with ${String(exitCode)}: ${output}`);
    return output;
  }

  /** Starts the commands of some sections in a process group of their own. */
  start(sections: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    return spawn('bash', ['-euo', 'pipefail', '-c', this.scriptOf(...sections)], {
      cwd: root,
      env: { ...process.env, ...environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}
