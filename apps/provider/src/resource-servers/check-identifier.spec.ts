import { checkIdentifier } from './check-identifier.js';

const check = (identifier: string, isProduction = false) =>
  checkIdentifier(identifier, { isProduction, plainHttpOrigins: ['http://api.internal:3002'] });

describe('the identifier of a resource server', () => {
  it.each([
    'https://api.example',
    'https://api.example/',
    'https://api.example:8443/v1',
    'https://api.example/v1?tenant=a',
    'http://localhost:3002',
  ])('may be an absolute URL: %s (RFC 8707 §2)', (identifier) => {
    expect(() => check(identifier)).not.toThrow();
  });

  it.each([
    ['relative', '/api', 'must be an absolute URL'],
    ['empty', '', 'must be an absolute URL'],
    ['of another scheme', 'urn:example:api', 'must be an absolute URL'],
    ['with a fragment', 'https://api.example/#v1', 'must have no fragment'],
    ['with an empty fragment', 'https://api.example#', 'must have no fragment'],
    ['with a password', 'https://a:b@api.example', 'must contain no user name'],
    ['in capital letters', 'https://API.example', 'must be written in its normal form: https://api.example/'],
    ['with the default port', 'https://api.example:443', 'must be written in its normal form: https://api.example/'],
    ['with a space', ' https://api.example', 'must be written in its normal form'],
    ['with dot segments', 'https://api.example/a/../b', 'must be written in its normal form: https://api.example/b'],
  ])('is refused when it is %s (RFC 8707 §2)', (_, identifier, message) => {
    expect(() => check(identifier)).toThrow(
      expect.objectContaining({ field: 'identifier', sentence: expect.stringContaining(message) }),
    );
  });

  it('is refused in production when it is not https, unless its origin is named for a hop inside a cluster', () => {
    expect(() => check('http://api.example', true)).toThrow(expect.objectContaining({ field: 'identifier' }));
    expect(() => check('https://api.example', true)).not.toThrow();
    expect(() => check('http://api.internal:3002', true)).not.toThrow();
  });
});
