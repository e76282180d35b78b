/** Returns the `LIKE` pattern that finds a text anywhere. Escapes `%`, `_` and `\`, so that they match literally. */
export const searchPattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
