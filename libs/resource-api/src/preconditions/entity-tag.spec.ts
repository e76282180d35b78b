import { formatEntityTag, parseEntityTags } from './entity-tag.js';

const strong = (value: string) => ({ weak: false, value });
const weak = (value: string) => ({ weak: true, value });

describe('entity tags of a request (RFC 9110 §8.8.3)', () => {
  it('are parsed as they were formatted', () => {
    expect(parseEntityTags(formatEntityTag(7))).toEqual([strong('7')]);
  });

  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"1"', [strong('1')]],
    ['W/"1"', [weak('1')]],
    ['"1", "2",W/"3"', [strong('1'), strong('2'), weak('3')]],
    ['"a,b" , ""', [strong('a,b'), strong('')]],
    ['"1",, "2",', [strong('1'), strong('2')]],
  ])('%s is parsed', (header, tags) => {
    expect(parseEntityTags(header)).toEqual(tags);
  });

  it.each(['', '1', '"1', 'w/"1"', '"1" x', '*, "1"', '"a b"', ','])('%j is malformed', (header) => {
    expect(parseEntityTags(header)).toBeUndefined();
  });
});
