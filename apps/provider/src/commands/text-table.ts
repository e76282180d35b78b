/** Rows in columns, each as wide as it needs to be; only the last may be broken off at the edge. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and what they are, one a line; those that are empty are left out. */
export function textList(entries: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(entries).filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** A moment as it is shown: UTC, to the second. */
export const textTime = (moment: Date): string => moment.toISOString().replace(/\.\d+Z$/, 'Z');
