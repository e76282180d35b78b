import { ClientSecretBasic } from './client-secret-basic.js';
import type { ClientSecretCheck } from './client-secret-check.js';

const asked: string[][] = [];
const check = { matches: async (id: string, _client: null, secret: string) => (asked.push([id, secret]), true) };
const method = new ClientSecretBasic(check as unknown as ClientSecretCheck);

const read = (authorization?: string) => method.read({ headers: { authorization } });
const basic = (text: string) => `Basic ${Buffer.from(text, 'latin1').toString('base64')}`;

/** Returns the id and the secret that a header presents. */
async function presented(authorization: string): Promise<string[] | undefined> {
  asked.length = 0;
  await read(authorization)?.proves(null);
  return asked[0];
}

describe('an HTTP Basic header', () => {
  it.each([
    ['client:secret', ['client', 'secret']],
    ['client:sec:ret', ['client', 'sec:ret']],
    ['https%3A%2F%2Fclient.example%2F:a+b%25%2B', ['https://client.example/', 'a b%+']],
    ['%C3%A9:%E2%82%AC', ['é', '€']],
    ['client:', ['client', '']],
  ])('contains id and secret, each form-encoded: %s (RFC 6749 §2.3.1)', async (text, both) => {
    expect(await presented(basic(text))).toEqual(both);
  });

  it.each(['basic', 'BASIC', 'bAsIc'])('may spell the scheme %s (RFC 9110 §11.1)', (scheme) => {
    expect(read(basic('client:secret').replace('Basic', scheme))?.clientId).toBe('client');
  });

  it.each([undefined, '', 'Bearer abc', 'DPoP abc', 'Basically abc'])('is not present in %j', (authorization) => {
    expect(read(authorization)).toBeUndefined();
  });

  it.each([
    ['is not base64', 'Basic ???'],
    ['has no colon', basic('client')],
    ['has no id', basic(':secret')],
    ['is empty', 'Basic '],
    ['is not form-encoded', basic('client%:secret')],
    ['is not form-encoded UTF-8', basic('client:%ff')],
  ])('is refused when it %s: 401 invalid_client (RFC 6749 §2.3.1, §5.2)', (_, authorization) => {
    expect(() => read(authorization)).toThrow(expect.objectContaining({ code: 'invalid_client', status: 401 }));
  });
});
