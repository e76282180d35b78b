/** The attribute types that have a name here, and their object identifiers (RFC 4514 §3, RFC 4519 §2, RFC 2985 §5). */
const NAME_OF: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'TITLE',
  '2.5.4.15': 'BUSINESSCATEGORY',
  '2.5.4.17': 'POSTALCODE',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'ORGANIZATIONIDENTIFIER',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
};

const NAMES: readonly string[] = Object.values(NAME_OF);

/** One attribute: its type, `=`, and its value, in which special characters are escaped (RFC 4514 §2.4). */
const ATTRIBUTE = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*((?:\\[0-9a-fA-F]{2}|\\[^0-9a-fA-F]|[^\\])*)$/;
const ESCAPED = /\\([0-9a-fA-F]{2}|[^0-9a-fA-F])|([^\\])/gu;

/**
 * Returns the canonical form of a distinguished name in the string representation of RFC 4514. Two names are equal when their
 * canonical forms are. Values are compared exactly, with their case.
 *
 * @returns undefined when the text is not such a name, or has an attribute type or a value that is not supported.
 */
export function canonicalName(text: string): string | undefined {
  return canonical(splitUnescaped(text, ','));
}

/**
 * Returns the canonical form of the subject of a certificate.
 *
 * @param subject the subject as Node writes it: one relative name a line, the first one of the certificate first.
 * @returns undefined when the subject is empty, or has an attribute type that is not supported.
 */
export function canonicalSubject(subject: string): string | undefined {
  return canonical(subject.split('\n').reverse());
}

function canonical(relativeNames: readonly string[]): string | undefined {
  const names = relativeNames.map((name) => {
    const attributes = splitUnescaped(name, '+').map(readAttribute);
    return attributes.includes(undefined) ? undefined : attributes.map((each) => JSON.stringify(each)).sort();
  });
  return names.includes(undefined) ? undefined : JSON.stringify(names);
}

/** Returns the name of the type and the value; undefined when either is not supported. */
function readAttribute(text: string): [type: string, value: string] | undefined {
  const [, type = '', escaped = ''] = ATTRIBUTE.exec(text) ?? [];
  const name = NAME_OF[type] ?? NAMES.find((known) => known === type.toUpperCase());
  const trimmed = withoutTrailingSpace(escaped);
  // A value that begins with # is the encoding of a type that is not text.
  if (name === undefined || trimmed === '' || trimmed.startsWith('#')) return undefined;
  return [name, unescape(trimmed)];
}

const withoutTrailingSpace = (value: string): string => {
  const trimmed = value.trimEnd();
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(trimmed) ? `${trimmed} ` : trimmed;
};

function unescape(value: string): string {
  const bytes: number[] = [];
  for (const [, escaped = '', plain] of value.matchAll(ESCAPED)) {
    if (escaped.length === 2) bytes.push(Number.parseInt(escaped, 16));
    else bytes.push(...Buffer.from(plain ?? escaped));
  }
  return Buffer.from(bytes).toString('utf8');
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts = [''];
  for (const [piece] of text.matchAll(/\\.|[^]/gsu)) {
    if (piece === separator) parts.push('');
    else parts.push(parts.pop() + piece);
  }
  return parts;
}
