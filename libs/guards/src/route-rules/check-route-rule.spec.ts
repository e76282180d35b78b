import { ask, startTestApp, stopTestApps } from '../testing/test-app.js';
import { MACHINE_CLAIMS, TestIssuer } from '../testing/test-issuer.js';

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await TestIssuer.create();
});
afterEach(stopTestApps);

const start = (options: Parameters<typeof startTestApp>[1] = {}) => startTestApp(issuer, options);
const userToken = (claims = {}) => issuer.userToken({ scope: 'notes:read', ...claims });
const machineToken = (claims = {}) => issuer.machineToken({ scope: 'notes:export', ...claims });

describe('the rule of a route', () => {
  const forbidden = (description: string, scope = '') =>
    `Bearer realm="notes"${scope && `, scope="${scope}"`}, error="insufficient_scope", error_description="${description}"`;

  /** Returns the parameters of a challenge, sorted. */
  const parametersOf = (challenge: unknown) => String(challenge).replace('Bearer ', '').split(', ').sort();

  it.each<[string, () => Promise<string>, string, string]>([
    [
      'a machine token on a user route',
      () => machineToken({ scope: 'notes:read' }),
      '/notes',
      'only a user may do this',
    ],
    [
      'an exchanged machine token on a user route (RFC 8693 §4.1)',
      () => machineToken({ scope: 'notes:read', client_id: 'frontend', act: { sub: 'frontend' } }),
      '/notes',
      'only a user may do this',
    ],
    [
      'a user token on a machine route',
      () => userToken({ scope: 'notes:export' }),
      '/export',
      'only a client acting for itself may do this',
    ],
    [
      'a user whose id is that of the client, on a machine route (RFC 9700 §4.15)',
      () => userToken({ scope: 'notes:export', sub: 'frontend' }),
      '/export',
      'only a client acting for itself may do this',
    ],
    [
      'a client that is not one of the user clients',
      () => userToken({ client_id: 'marketing-sync' }),
      '/notes',
      'the client of the token may not do this',
    ],
    [
      'a client that is not one of the user clients, on a route for users and machines',
      () => userToken({ client_id: 'marketing-sync' }),
      '/archive',
      'the client of the token may not do this',
    ],
    [
      'an exchanged machine token on a route for users and machines (RFC 8693 §4.1)',
      () => machineToken({ scope: 'notes:read notes:export', client_id: 'frontend', act: { sub: 'frontend' } }),
      '/archive',
      'only a user or a client acting for itself may do this',
    ],
  ])('answers 403 to %s', async (_, makeToken, url, description) => {
    const { status, challenge, type } = await ask(await start(), url, `Bearer ${await makeToken()}`);
    expect([status, type]).toEqual([403, 'application/problem+json']);
    expect(parametersOf(challenge)).toEqual(parametersOf(forbidden(description)));
  });

  it('answers 403 insufficient_scope with the required scope (RFC 6750 §3.1)', async () => {
    const app = await start();
    const { statusCode, headers, body } = await app.inject({
      method: 'POST',
      url: '/notes',
      headers: { authorization: `Bearer ${await userToken()}` },
    });
    expect(statusCode).toBe(403);
    const description = 'the token does not have the scope that this needs';
    expect(parametersOf(headers['www-authenticate'])).toEqual(
      parametersOf(forbidden(description, 'notes:read notes:write')),
    );
    expect(JSON.parse(body)).toMatchObject({ status: 403, title: 'Forbidden' });
  });

  it.each<[string, () => Promise<string>, string]>([
    ['a user with the scope of machines', () => userToken({ scope: 'notes:export' }), 'notes:read'],
    ['a machine with the scope of users', () => machineToken({ scope: 'notes:read' }), 'notes:export'],
  ])('answers 403 to %s, and names the scope that it needs (RFC 6750 §3.1)', async (_, makeToken, scope) => {
    const { status, challenge } = await ask(await start(), '/archive', `Bearer ${await makeToken()}`);
    expect(status).toBe(403);
    const description = 'the token does not have the scope that this needs';
    expect(parametersOf(challenge)).toEqual(parametersOf(forbidden(description, scope)));
  });

  it.each(['/archive', '/backups'])('opens %s to users and to machines, each with their scope', async (url) => {
    const app = await start();
    expect((await ask(app, url)).status).toBe(401);
    expect((await ask(app, url, `Bearer ${await userToken()}`)).status).toBe(200);
    expect((await ask(app, url, `Bearer ${await machineToken()}`)).body).toEqual({ sub: MACHINE_CLAIMS.client_id });
  });

  it('does not accept a scope that only begins with the required one', async () => {
    const { status } = await ask(
      await start(),
      '/notes',
      `Bearer ${await userToken({ scope: 'notes:readable notes' })}`,
    );
    expect(status).toBe(403);
  });

  it('opens a machine route to every client with the scope', async () => {
    const { status, body } = await ask(await start(), '/export', `Bearer ${await machineToken()}`);
    expect([status, body]).toEqual([200, { client: MACHINE_CLAIMS.client_id }]);
  });

  it('calls the function that decides on user clients for each token', async () => {
    const app = await start({ userClients: async (clientId) => clientId.startsWith('front') });
    expect((await ask(app, '/notes', `Bearer ${await userToken()}`)).status).toBe(200);
    expect((await ask(app, '/notes', `Bearer ${await userToken({ client_id: 'other' })}`)).status).toBe(403);
  });
});
