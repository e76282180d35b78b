import { NDJSON } from '../ndjson-stream.js';

/** Whether a request asks for a stream of lines by name, and by no lower weight than for one document (RFC 9110 §12.5.1). */
export function prefersNdjson(accept = ''): boolean {
  const weights = new Map(accept.split(',').map(readRange));
  const lines = weights.get(NDJSON) ?? 0;
  return lines > 0 && lines >= (weights.get('application/json') ?? 0);
}

function readRange(range: string): [type: string, weight: number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return [type, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}
