import { withResourceMetadata, resourceMetadataUrl } from './resource-metadata.js';
import { ask, startTestApp, stopTestApps } from '../testing/test-app.js';
import { TestIssuer } from '../testing/test-issuer.js';

const URL_OF_METADATA = 'https://notes.example/.well-known/oauth-protected-resource';

afterEach(stopTestApps);

describe('the URL of the metadata of a resource', () => {
  it.each([
    ['https://api.example', 'https://api.example/.well-known/oauth-protected-resource'],
    ['https://id.example/api', 'https://id.example/.well-known/oauth-protected-resource/api'],
    ['https://id.example/a/b?c=d', 'https://id.example/.well-known/oauth-protected-resource/a/b?c=d'],
  ])('has the well-known part before the path: %s (RFC 9728 §3.1)', (resource, url) => {
    expect(resourceMetadataUrl(resource)).toBe(url);
  });
});

describe('a challenge', () => {
  it.each([
    ['when the token is missing', undefined, `Bearer realm="notes", resource_metadata="${URL_OF_METADATA}"`],
    ['when the token is invalid', 'Bearer bad', `Bearer realm="notes", resource_metadata="${URL_OF_METADATA}", error=`],
    [
      'when the header is malformed',
      'Bearer a b',
      `Bearer realm="notes", resource_metadata="${URL_OF_METADATA}", error=`,
    ],
  ])('names the metadata of the resource %s (RFC 9728 §5.1)', async (_, authorization, beginning) => {
    const app = await startTestApp(await TestIssuer.create(), { resourceMetadata: URL_OF_METADATA });
    expect((await ask(app, '/notes', authorization)).challenge).toContain(beginning);
  });

  it('names the metadata of the resource when the token lacks a scope (RFC 9728 §5.1)', async () => {
    const issuer = await TestIssuer.create();
    const app = await startTestApp(issuer, { resourceMetadata: URL_OF_METADATA });
    const { challenge } = await ask(app, '/notes', `Bearer ${await issuer.userToken({ scope: 'other' })}`);
    expect(challenge).toContain(`resource_metadata="${URL_OF_METADATA}"`);
  });

  it('is not added to an error without one', () => {
    const error = new Error('no challenge');
    expect(withResourceMetadata(error, URL_OF_METADATA)).toBe(error);
  });
});
