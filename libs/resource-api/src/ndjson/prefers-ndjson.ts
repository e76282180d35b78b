import { NDJSON } from './ndjson-streams.js';

/**
 * Returns whether an `Accept` header names NDJSON, with a weight that is not lower than that of JSON (RFC 9110 §12.5.1).
 * A wildcard does not count: such clients get the JSON document.
 */
export function prefersNdjson(accept = ''): boolean {
  const weights = new Map(accept.split(',').map(readMediaRange));
  const lines = weights.get(NDJSON) ?? 0;
  return lines > 0 && lines >= (weights.get('application/json') ?? 0);
}

function readMediaRange(range: string): [type: string, weight: number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return [type, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}
