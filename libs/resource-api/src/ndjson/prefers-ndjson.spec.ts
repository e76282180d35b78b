import { prefersNdjson } from './prefers-ndjson.js';

describe('prefersNdjson', () => {
  it.each([
    ['application/x-ndjson', true],
    ['Application/X-NDJSON; q=0.5', true],
    ['application/json;q=0.9, application/x-ndjson', true],
    ['application/json, application/x-ndjson;q=0.9', false],
    ['application/x-ndjson;q=0', false],
    ['application/x-ndjson;q=nonsense', false],
    ['application/json', false],
    ['*/*', false],
    ['', false],
    [undefined, false],
  ])('%j: %s (RFC 9110 §12.5.1)', (accept, prefers) => {
    expect(prefersNdjson(accept)).toBe(prefers);
  });
});
