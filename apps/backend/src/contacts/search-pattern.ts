/** The `LIKE` pattern that finds a text anywhere, with `%`, `_` and `\` meaning themselves. */
export const searchPattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
