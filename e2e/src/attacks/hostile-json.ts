import fc from 'fast-check';

/** Unusual JSON values, as text. */
const STRANGE = [
  'null',
  'true',
  '0',
  '-1',
  '0.5',
  '1e999',
  '9007199254740993',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '[{}]',
  '["", 1, {}, [], null, true]',
  '{"keys":null}',
  '{"keys":[null, 1, "x", [], {}]}',
  '{"keys":[{"kty":"EC","crv":"P-256","x":1,"y":[]}]}',
  '{"keys":[{"kty":"RSA","n":"","e":""}]}',
  '{"__proto__":{"kty":"EC"},"constructor":{"prototype":1}}',
  '{"a":1,"a":[]}',
  `[${'1,'.repeat(15_000)}1]`,
  `[${'"https://client.example/",'.repeat(2000)}""]`,
  `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  `"${'x'.repeat(60_000)}"`,
];

/** Draws the text of any JSON value, often one of the unusual ones. */
const anyValue = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...STRANGE) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value)) },
);

/** A valid public key (RFC 7517 Appendix A.1). */
const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};

/** Draws the text of a key set whose only key is valid except for one member. */
const keySet = fc
  .tuple(fc.constantFrom(...Object.keys(KEY), 'kid', 'use', 'alg', 'key_ops', 'x5c', 'x5t#S256', 'n', 'd'), anyValue)
  .map((change) => `{"keys":[${textOf([...textsOf(KEY).filter(([name]) => name !== change[0]), change])}]}`);

/**
 * Draws the text of a request body: a valid object with up to three members replaced by any value, any JSON value, or
 * text that is not JSON.
 */
export const hostileObject = (valid: object, members: readonly string[]): fc.Arbitrary<string> => {
  const change = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...members), anyValue) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('jwks'), keySet) },
  );
  const changed = fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => textOf([...new Map([...textsOf(valid), ...changes])]));
  return fc.oneof(
    { weight: 8, arbitrary: changed },
    { weight: 2, arbitrary: anyValue },
    { weight: 1, arbitrary: fc.constantFrom('', '{', '[1', '{"a"}', 'undefined', 'NaN', '\uFEFF{}', "{'a':1}") },
  );
};

function textsOf(object: object): [string, string][] {
  return Object.entries(object).map(([name, value]) => [name, JSON.stringify(value)]);
}

function textOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()}}`;
}
