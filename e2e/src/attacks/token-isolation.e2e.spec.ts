import { stackUrls } from '@trefoil/testing';
import {
  aliceAtFrontend,
  callBackend,
  callBackendAsFrontend,
  cliClient,
  frontendClient,
  webClient,
} from '../clients/demo-clients.js';

describe('users reach the backend only through the frontend', () => {
  it('another client gets invalid_target for the resource of the backend (RFC 8707 §2)', async () => {
    const cli = await cliClient();
    const { url } = await cli.authorizationRequest({ resource: stackUrls().backend, scope: 'openid' });
    const page = await cli.newBrowser().open(url);
    expect(page.location?.searchParams.get('error')).toBe('invalid_target');
  });

  it('another client may not request the scopes of the backend (RFC 6749 §4.1.2.1)', async () => {
    const cli = await cliClient();
    const { url } = await cli.authorizationRequest({ scope: 'openid contacts:read' });
    const page = await cli.newBrowser().open(url);
    expect(page.location?.searchParams.get('error')).toMatch(/^invalid_(scope|target)$/);
  });

  it('the backend refuses a token for another resource server with 401 invalid_token (RFC 9068 §4)', async () => {
    const cli = await cliClient();
    const tokens = await cli.signIn({ ...aliceAtFrontend(), scope: 'openid account:read', parameters: {} });
    const answer = await callBackend('/v1/contacts', `Bearer ${tokens.access_token}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('the backend refuses an ID token as access token (RFC 9068 §4)', async () => {
    const client = await frontendClient();
    const tokens = await client.signIn(aliceAtFrontend());
    expect((await callBackendAsFrontend('/v1/contacts', tokens.id_token ?? '')).status).toBe(401);
  });

  it('the backend ignores a token in the query (RFC 9700 §4.3.2)', async () => {
    const client = await webClient();
    const tokens = await client.signIn(aliceAtFrontend());
    const answer = await fetch(`${stackUrls().backend}/v1/contacts?access_token=${tokens.access_token}`);
    expect(answer.status).toBe(401);
  });

  it('the contact of another user gets 404', async () => {
    const client = await frontendClient();
    const alice = await client.signIn(aliceAtFrontend());
    const created = await callBackendAsFrontend('/v1/contacts', alice.access_token, {
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
    expect((await callBackendAsFrontend(`/v1/contacts/${id}`, bob.access_token)).status).toBe(404);
    expect((await callBackendAsFrontend(`/v1/contacts/${id}`, alice.access_token, { method: 'DELETE' })).status).toBe(
      204,
    );
  });
});
