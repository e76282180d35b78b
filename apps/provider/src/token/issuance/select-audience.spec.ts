import { Parameters } from '@trefoil/oauth-protocol';
import { selectAudience } from './select-audience.js';

const GRANTED = ['https://a.example', 'https://b.example/api'];
const select = (raw: Record<string, string | string[]>, granted = GRANTED) =>
  selectAudience(Parameters.from(raw), granted);

describe('the audience of an access token', () => {
  it('is the first granted resource server when the request names none (RFC 8707 §2.2)', () => {
    expect(select({})).toBe('https://a.example');
  });

  it.each<Record<string, string | string[]>>([
    { resource: 'https://b.example/api' },
    { resource: ['https://b.example/api', 'https://b.example/api'] },
    { audience: 'https://b.example/api' },
    { resource: 'https://b.example/api', audience: 'https://b.example/api' },
  ])('is the resource server that the request names: %j (RFC 8707 §2.2, RFC 8693 §2.1)', (raw) => {
    expect(select(raw)).toBe('https://b.example/api');
  });

  it.each(['resource', 'audience'])('is the granted origin that %s spells with a slash (RFC 3986 §6.2.3)', (name) => {
    expect(select({ [name]: ['https://a.example/', 'https://a.example'] })).toBe('https://a.example');
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['two are named', { resource: GRANTED }],
    ['resource and audience differ', { resource: 'https://a.example', audience: 'https://b.example/api' }],
    ['it was not granted', { resource: 'https://c.example' }],
    ['it is not spelled as it was granted', { resource: 'https://b.example/api/' }],
    ['it is not an absolute URI', { resource: '/api' }],
    ['it has a fragment', { resource: 'https://a.example#a' }],
  ])('is refused when %s (RFC 8707 §2, §2.2)', (_, raw) => {
    expect(() => select(raw)).toThrow('invalid_target');
  });

  it('is refused when no resource server is allowed (RFC 8707 §2)', () => {
    expect(() => select({}, [])).toThrow('invalid_target');
  });
});
