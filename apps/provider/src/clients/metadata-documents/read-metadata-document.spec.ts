import { isDocumentUrl } from './document-url.js';
import { readMetadataDocument } from './read-metadata-document.js';

const URL_ = 'https://client.example/client.json';
const document = { client_id: URL_, redirect_uris: ['https://client.example/callback'] };
const GRANTS = ['authorization_code', 'refresh_token'];
const read = (changes: object) => readMetadataDocument({ ...document, ...changes }, URL_, GRANTS);

describe('the URL of a client metadata document', () => {
  it.each([URL_, 'https://client.example:8443/a/b', 'https://client.example/a?b=c'])('may be %s', (url) =>
    expect(isDocumentUrl(url)).toBe(true),
  );

  it.each([
    ['no path', 'https://client.example'],
    ['a fragment', `${URL_}#a`],
    ['an empty fragment', `${URL_}#`],
    ['dot segments', 'https://client.example/a/../client.json'],
    ['hidden dot segments', 'https://client.example/a/%2e%2e/client.json'],
    ['credentials', 'https://a:b@client.example/client.json'],
    ['another scheme', 'ftp://client.example/client.json'],
    ['an upper-case scheme', 'HTTPS://client.example/client.json'],
    ['more than 2000 characters', `https://client.example/${'a'.repeat(2000)}`],
  ])('must not have %s (Client ID Metadata Document §3)', (_what, url) => expect(isDocumentUrl(url)).toBe(false));
});

describe('a client metadata document', () => {
  it('describes a public client by default', () => {
    expect(read({}).token_endpoint_auth_method).toBe('none');
    expect(read({ token_endpoint_auth_method: 'private_key_jwt' }).token_endpoint_auth_method).toBe('private_key_jwt');
  });

  it('may name values for other servers: unsupported ones are ignored', () => {
    const { grant_types, scope, response_modes } = read({
      grant_types: [...GRANTS, 'urn:example:grant'],
      response_modes: ['fragment', 'jwt'],
      scope: 'elsewhere',
    });
    expect([grant_types, scope, response_modes]).toEqual([GRANTS, undefined, ['jwt']]);
  });

  it.each([
    ['another client_id', { client_id: 'https://client.example/other.json' }, /^client_id/],
    ['no client_id', { client_id: undefined }, /client_id/],
    ['a secret', { client_secret: 'a' }, /^client_secret /],
    ['the expiry of a secret', { client_secret_expires_at: 0 }, /^client_secret_expires_at/],
    ['client_secret_basic', { token_endpoint_auth_method: 'client_secret_basic' }, /^token_endpoint_auth_method/],
    ['client_secret_post', { token_endpoint_auth_method: 'client_secret_post' }, /^token_endpoint_auth_method/],
    ['client_secret_jwt', { token_endpoint_auth_method: 'client_secret_jwt' }, /^token_endpoint_auth_method/],
    ['more than 5 KiB', { note: 'x'.repeat(5 * 1024) }, /5 KiB/],
  ])('must not have %s (Client ID Metadata Document §4.1, §6.6)', (_what, changes, description) => {
    expect(() => read(changes)).toThrow(expect.objectContaining({ description: expect.stringMatching(description) }));
  });

  it.each([null, [], 'document', 1])('must be an object, not %j', (json) =>
    expect(() => readMetadataDocument(json, URL_, GRANTS)).toThrow('invalid_client_metadata'),
  );
});
