/** The claims of a token, or the members of another JSON object. */
export type Payload = Readonly<Record<string, unknown>>;

/**
 * Returns the value of a claim. A name with dots, such as `realm_access.roles`, also finds a member of a member; a claim with
 * exactly that name is preferred, because names may be URLs (RFC 7519 §4.2).
 */
export function claimAt(payload: Payload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  return name.split('.').reduce<unknown>((value, member) => (isObject(value) ? value[member] : undefined), payload);
}

/** Returns the first of several claims that is present. */
export function firstClaim(payload: Payload, names: readonly string[]): unknown {
  return names.map((name) => claimAt(payload, name)).find((value) => value !== undefined);
}

/** Returns the words of a claim, which may be a text with spaces or a list of texts; undefined when it is neither. */
export function wordsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value.split(' ').filter(Boolean);
  return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined;
}

const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
