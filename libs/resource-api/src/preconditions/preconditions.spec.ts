import { ProblemError } from '@trefoil/server-kit';
import { isNotModified, versionsAllowedBy } from './preconditions.js';

describe('If-Match (RFC 9110 §13.1.1)', () => {
  it.each([
    [undefined, 'any'],
    ['*', 'any'],
    ['"3"', [3]],
    ['"3", "4"', [3, 4]],
  ])('%j allows %j', (header, versions) => {
    expect(versionsAllowedBy(header)).toEqual(versions);
  });

  it.each(['W/"3"', '"abc"', '"0"', '"99999999999"', '"3.0"'])('%j allows no version', (header) => {
    expect(versionsAllowedBy(header)).toEqual([]);
  });

  it('is refused when it is malformed, and the error names the header', () => {
    expect(() => versionsAllowedBy('3')).toThrow(ProblemError);
    expect(() => versionsAllowedBy('3')).toThrow('If-Match');
  });
});

describe('If-None-Match (RFC 9110 §13.1.2)', () => {
  it.each(['*', '"3"', 'W/"3"', '"1", "3"'])('%j matches version 3', (header) => {
    expect(isNotModified(3, header)).toBe(true);
  });

  it.each([undefined, '"2"', '3', ''])('%j does not match version 3', (header) => {
    expect(isNotModified(3, header)).toBe(false);
  });
});
