/**
 * Writes a value as JSON.
 *
 * @throws TypeError when it is none.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError('a state entry must be a JSON value');
  return json;
}
