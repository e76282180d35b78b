// The characters of RFC 9110 §8.8.3.
const TAG = /(W\/)?"([\x21\x23-\x7E\x80-\xFF]*)"/g;

/** The form of a list of entity tags, or `*`, for documentation: `parseEntityTags` also accepts lists that are less strict. */
export const ENTITY_TAGS = /^(\*|(W\/)?"[!#-~]*"( *, *(W\/)?"[!#-~]*")*)$/;

/** An entity tag of a request. Equal weak tags mean that two representations are equivalent, not identical (RFC 9110 §8.8.3). */
export interface EntityTag {
  readonly weak: boolean;
  readonly value: string;
}

/** Returns the strong entity tag of a version (RFC 9110 §8.8.3). */
export const formatEntityTag = (version: number | string): string => `"${version}"`;

/** Parses `If-Match` or `If-None-Match`: returns `*` or the list of entity tags, or undefined when the header is malformed. */
export function parseEntityTags(header: string): '*' | EntityTag[] | undefined {
  if (header.trim() === '*') return '*';
  const tags = [...header.matchAll(TAG)].map(([, weak, value = '']) => ({ weak: weak !== undefined, value }));
  const isList = tags.length > 0 && /^[ \t,]*$/.test(header.replaceAll(TAG, ''));
  return isList ? tags : undefined;
}
