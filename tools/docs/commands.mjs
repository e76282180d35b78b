// @ts-check
// Finds the commands and options in the documentation that the command line does not have.

/** @typedef {Map<string, string>} Commands the help of each command by its name, such as `user create` */

/**
 * Reads the commands from the snapshot of their help pages.
 *
 * @param {string} snapshot
 * @returns {Commands}
 */
export function readCommands(snapshot) {
  const pages = [...snapshot.matchAll(/^exports\[`trefoil (.+?) ?--help 1`\] = `\n([\s\S]*?)\n`;$/gm)];
  return new Map(
    pages.map(([, name = '', help = '']) => /** @type {const} */ ([name.trim(), help])).filter(([name]) => name !== ''),
  );
}

/**
 * Returns the commands of a page that do not exist, and those with an option that they do not have.
 *
 * @param {string} text
 * @param {Commands} commands
 */
export function staleCommands(text, commands) {
  const groups = new Set([...commands.keys()].map((name) => name.split(' ', 1)[0]));
  const joined = text.replace(/\\\n\s*/g, ' ');
  const called = [...joined.matchAll(/(?:npm run (?:--silent )?trefoil --|trefoil\.js) +([a-z][^\n`#|;&<>]*)/g)];
  const named = [...joined.matchAll(/`([a-z-]+ [^`\n]+)`/g)].filter(([, span = '']) =>
    groups.has(span.split(' ', 1)[0] ?? ''),
  );
  return [...called, ...named].map(([, call = '']) => call.trim()).filter((call) => !isKnown(call, commands));
}

/** @param {string} call @param {Commands} commands */
function isKnown(call, commands) {
  const words = call.replace(/"[^"]*"|'[^']*'/g, 'text').split(/\s+/);
  const help = commands.get(words.slice(0, 2).join(' ')) ?? commands.get(words[0] ?? '');
  if (help === undefined) return words.includes('--help');
  const options = words.filter((word) => word.startsWith('--') && word !== '--');
  return options.every((option) => new RegExp(`(^|\\s)${option.replace(/[,.]$/, '')}(\\s|$)`, 'm').test(help));
}
