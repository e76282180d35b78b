import { Parameters } from './parameters.js';

describe('Parameters', () => {
  it('treats an empty value as absent (RFC 6749 §3.1)', () => {
    expect(Parameters.from({ state: '' }).get('state')).toBeUndefined();
    expect(() => Parameters.from({ code: '' }).require('code')).toThrow('code is missing');
  });

  it('refuses a repeated parameter (RFC 6749 §3.1)', () => {
    const parameters = Parameters.from({ state: ['a', 'b'] });
    expect(() => parameters.get('state')).toThrow('invalid_request: state must not be repeated');
    expect(() => parameters.refuseRepeated()).toThrow('state must not be repeated');
  });

  it('ignores unknown parameters, also when they are repeated (RFC 6749 §3.1)', () => {
    const parameters = Parameters.from({ utm_source: ['a', 'b'], state: 'a' });
    expect(() => parameters.refuseRepeated()).not.toThrow();
  });

  it('allows resource to be repeated (RFC 8707 §2)', () => {
    const parameters = Parameters.from({ resource: ['https://a.example', 'https://b.example'] });
    expect(() => parameters.refuseRepeated('resource')).not.toThrow();
    expect(parameters.all('resource')).toEqual(['https://a.example', 'https://b.example']);
  });

  it.each([
    ['an object', { client_id: { a: 'b' } }, 'client_id must be a string'],
    ['a NUL', { client_id: 'a\0b' }, 'client_id must not contain a NUL character'],
    ['bytes that are not UTF-8', { client_id: 'a\uFFFD' }, 'client_id is not valid UTF-8'],
  ])('refuses %s', (_what, raw, message) => expect(() => Parameters.from(raw)).toThrow(message));

  it('keeps its content in URLSearchParams', () => {
    const parameters = Parameters.from({ scope: 'openid email', resource: ['https://a.example', 'https://b.example'] });
    expect(parameters.toURLSearchParams().toString()).toBe(
      'scope=openid+email&resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example',
    );
  });

  it('can drop the parameters that the provider does not know (RFC 6749 §3.1)', () => {
    const parameters = Parameters.from({ scope: 'openid', filler: 'x'.repeat(60_000), constructor: 'y' });
    expect(parameters.known().toURLSearchParams().toString()).toBe('scope=openid');
  });

  it('ignores the properties of the object prototype', () => {
    expect(Parameters.from({}).get('constructor')).toBeUndefined();
  });
});
