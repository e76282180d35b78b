const REPLACEMENTS: Readonly<Record<string, string>> = { '§': 'section ', '"': "'", '\\': '/' };

/**
 * Returns a text with only the characters that `error_description` may have (RFC 6749 §4.1.2.1, §5.2): %x20-21 / %x23-5B /
 * %x5D-7E. Every description that is sent passes through here, because some quote what the caller has sent.
 */
export const wireText = (text: string): string =>
  text.replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/gu, (character) => REPLACEMENTS[character] ?? '?');
