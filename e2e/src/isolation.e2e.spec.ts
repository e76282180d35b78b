import { stackUrls } from '@trefoil/testing';
import { aliceAtFrontend, callBackend, cliClient, frontendClient } from './clients.js';

describe('the backend is reachable for people only through the frontend', () => {
  it('no other client is given a token for it (RFC 8707 §2)', async () => {
    const cli = await cliClient();
    const { url } = await cli.authorizationRequest({ resource: stackUrls().backend, scope: 'openid' });
    const page = await cli.newBrowser().open(url);
    expect(page.location?.searchParams.get('error')).toBe('invalid_target');
  });

  it('no other client may ask for its scopes (RFC 6749 §4.1.2.1)', async () => {
    const cli = await cliClient();
    const { url } = await cli.authorizationRequest({ scope: 'openid contacts:read' });
    const page = await cli.newBrowser().open(url);
    expect(page.location?.searchParams.get('error')).toMatch(/^invalid_(scope|target)$/);
  });

  it('a token for another server is refused: 401 invalid_token (RFC 9068 §4)', async () => {
    const cli = await cliClient();
    const tokens = await cli.signIn({ ...aliceAtFrontend(), scope: 'openid account:read', parameters: {} });
    const answer = await callBackend('/v1/contacts', `Bearer ${tokens.access_token}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('an ID token is no access token (RFC 9068 §4)', async () => {
    const client = await frontendClient();
    const tokens = await client.signIn(aliceAtFrontend());
    expect((await callBackend('/v1/contacts', `Bearer ${tokens.id_token}`)).status).toBe(401);
  });

  it('a token in the query is never read (RFC 9700 §4.3.2)', async () => {
    const client = await frontendClient();
    const tokens = await client.signIn(aliceAtFrontend());
    const answer = await fetch(`${stackUrls().backend}/v1/contacts?access_token=${tokens.access_token}`);
    expect(answer.status).toBe(401);
  });

  it('somebody else’s contact does not exist', async () => {
    const client = await frontendClient();
    const alice = await client.signIn(aliceAtFrontend());
    const created = await callBackend('/v1/contacts', `Bearer ${alice.access_token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Grace Hopper' }),
    });
    const { id } = (await created.json()) as { id: string };
    const bob = await client.signIn({
      ...aliceAtFrontend(),
      username: 'bob@example.com',
      password: 'bob-demo-password',
    });
    expect((await callBackend(`/v1/contacts/${id}`, `Bearer ${bob.access_token}`)).status).toBe(404);
    expect((await callBackend(`/v1/contacts/${id}`, `Bearer ${alice.access_token}`, { method: 'DELETE' })).status).toBe(
      204,
    );
  });
});
