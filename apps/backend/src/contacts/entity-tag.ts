// The characters of RFC 9110 §8.8.3.
const TAG = /(W\/)?"([\x21\x23-\x7E\x80-\xFF]*)"/g;

/** An entity tag of a request; a weak one says only that two representations mean the same (RFC 9110 §8.8.3). */
export interface EntityTag {
  readonly weak: boolean;
  readonly value: string;
}

/** The strong entity tag of a version. */
export const formatEntityTag = (version: number): string => `"${version}"`;

/** Reads `If-Match` or `If-None-Match`: `*` or a list of entity tags; undefined when it is neither. */
export function parseEntityTags(header: string): '*' | EntityTag[] | undefined {
  if (header.trim() === '*') return '*';
  const tags = [...header.matchAll(TAG)].map(([, weak, value = '']) => ({ weak: weak !== undefined, value }));
  const isList = tags.length > 0 && /^[ \t,]*$/.test(header.replaceAll(TAG, ''));
  return isList ? tags : undefined;
}
