import type { OtherIssuer } from '../guards-options.js';
import { ask, startTestApp, stopTestApps } from '../testing/test-app.js';
import { ISSUER, TestIssuer, USER_CLAIMS } from '../testing/test-issuer.js';

const OTHER = 'https://other.example.com/tenant/';
let first: TestIssuer;
let second: TestIssuer;

beforeAll(async () => {
  first = await TestIssuer.create('first');
  second = await TestIssuer.create('second');
});
afterEach(stopTestApps);

/** Starts an app that accepts the tokens of both issuers. The second one publishes its keys at an explicit URL. */
async function start(other: Partial<OtherIssuer> = {}) {
  const keys = { keys: [await second.publicJwk()] };
  const fakeFetch: typeof fetch = async (url) =>
    String(url instanceof Request ? url.url : url) === 'https://keys.example.com/jwks?tenant=1'
      ? Response.json(keys)
      : new Response(null, { status: 404 });
  const jwksUri = 'https://keys.example.com/jwks?tenant=1';
  const otherIssuers = [{ issuer: OTHER, jwksUri, dialect: 'openid' as const, userClients: ['portal'], ...other }];
  return startTestApp(first, { otherIssuers, fetch: fakeFetch });
}

const claims = { ...USER_CLAIMS, scope: 'notes:read' };
const ofSecond = (more: object = {}) =>
  second.sign({ ...claims, iss: OTHER, client_id: 'portal', ...more }, { typ: 'JWT' });

describe('a resource server with several issuers', () => {
  it('accepts the tokens of each, and keeps users with the same sub apart (OpenID Connect Core §5.7)', async () => {
    const app = await start();
    const [one, two] = [await first.sign(claims), await ofSecond()];
    expect((await ask(app, '/notes', `Bearer ${one}`)).body).toMatchObject({ sub: claims.sub });
    expect((await ask(app, '/notes', `Bearer ${two}`)).body).toMatchObject({ sub: `${OTHER}#${claims.sub}` });
  });

  it('accepts no token that one issuer signed in the name of the other', async () => {
    const app = await start();
    const forged = await first.sign({ ...claims, iss: OTHER, client_id: 'portal' });
    const alsoForged = await second.sign({ ...claims, iss: ISSUER });
    expect((await ask(app, '/notes', `Bearer ${forged}`)).status).toBe(401);
    expect((await ask(app, '/notes', `Bearer ${alsoForged}`)).status).toBe(401);
    const unknown = await second.sign({ ...claims, iss: 'https://evil.example' });
    expect((await ask(app, '/notes', `Bearer ${unknown}`)).status).toBe(401);
  });

  it('keeps the dialects apart: that of one issuer does not loosen the other', async () => {
    const app = await start();
    expect((await ask(app, '/notes', `Bearer ${await first.sign(claims, { typ: 'JWT' })}`)).status).toBe(401);
  });

  it('keeps the clients apart: those of one issuer are not those of the other', async () => {
    const app = await start();
    expect((await ask(app, '/notes', `Bearer ${await ofSecond({ client_id: 'frontend' })}`)).status).toBe(403);
  });

  it('refuses a token that its issuer reports as not active (RFC 7662 §2.2)', async () => {
    let active = true;
    const app = await start({ serviceClient: { introspect: async () => ({ active }) } });
    expect((await ask(app, '/notes', `Bearer ${await ofSecond()}`)).status).toBe(200);
    active = false;
    expect((await ask(app, '/notes', `Bearer ${await ofSecond({ jti: 'another' })}`)).status).toBe(401);
  });

  it('does not start when an issuer is listed twice', async () => {
    await expect(start({ issuer: ISSUER })).rejects.toThrow(`The issuer ${ISSUER} is listed twice`);
  });
});
