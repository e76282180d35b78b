import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { Browser, demoClients, demoUsers, RelyingParty, signInAndConsent, type Tokens } from '@trefoil/testing';
import { clientCredentialsGrant, genericGrantRequest, tokenIntrospection } from 'openid-client';

/** The goal is 50 ms. The rest is the time that a server waits while other tests have all processors. */
const LONGEST_STALL_MILLISECONDS = 500;

const REQUESTS_AT_A_TIME = 16;
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

describe('the event loops of the servers are never blocked for long', () => {
  let stack: Stack;
  let web: RelyingParty;
  let machine: RelyingParty;
  let backend: RelyingParty;
  let grants: Tokens[];
  const signedIn = new Browser();

  beforeAll(async () => {
    const environment = { provider: { SIGN_INS_PER_ADDRESS: '1000', AUTHORIZATION_REQUESTS_PER_ADDRESS: '1000' } };
    stack = await startTemporaryStack({ clientCertificates: false, environment });
    const { provider: issuer, frontend } = stack.urls;
    const redirectUri = `${frontend}/callback`;
    web = await RelyingParty.discover({ issuer, ...demoClients.frontend, redirectUri });
    machine = await RelyingParty.discover({ issuer, ...demoClients.marketingSync, redirectUri });
    backend = await RelyingParty.discover({ issuer, ...demoClients.backend, redirectUri });
    grants = await atATime(4, signIn);
    await signInAndConsent(await signedIn.open(`${frontend}/login`));
  }, 120_000);
  afterAll(() => stack.stop());

  const signIn = () =>
    web.signIn({ ...demoUsers.alice, scope: 'openid offline_access profile contacts:read account:read' });

  /** Refreshes each of the grants. The requests of one grant must follow each other. */
  const refreshAll = async () => {
    grants = await Promise.all(grants.map((tokens) => web.refresh(tokens)));
  };

  const exchange = () =>
    genericGrantRequest(backend.configuration, EXCHANGE, {
      subject_token: grants[0]?.access_token ?? '',
      subject_token_type: ACCESS_TOKEN,
      resource: `${stack.urls.provider}/api`,
      scope: 'account:read',
    });

  it.each<[request: string, atATime: number, send: () => Promise<unknown>]>([
    [
      'client credentials, with a signature by ES256',
      REQUESTS_AT_A_TIME,
      () => clientCredentialsGrant(machine.configuration, { scope: 'contacts:export' }),
    ],
    ['sign-ins, with a password hashed by argon2', 4, signIn],
    ['refreshes, with a signature by RS256', 1, refreshAll],
    [
      'introspections',
      REQUESTS_AT_A_TIME,
      () => tokenIntrospection(backend.configuration, grants[0]?.access_token ?? ''),
    ],
    ['token exchanges', REQUESTS_AT_A_TIME, exchange],
    ['pages that need all three servers', REQUESTS_AT_A_TIME, () => signedIn.open(`${stack.urls.frontend}/profile`)],
  ])('%s', async (_request, number, send) => {
    // The first requests compile code. Reading the metric sets it back.
    await atATime(number, send);
    await longestStall(stack);
    for (let round = 0; round < 5; round++) await atATime(number, send);
    expect(await longestStall(stack)).toBeLessThan(LONGEST_STALL_MILLISECONDS);
  });
});

const atATime = <T>(number: number, send: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: number }, send));

/** Returns the longest time in milliseconds for which the event loop of a server was blocked since this was last asked. */
async function longestStall({ urls }: Stack): Promise<number> {
  const stalls = await Promise.all(
    Object.values(urls).map(async (url) => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const [, seconds] = /^nodejs_eventloop_lag_max_seconds\S* (\S+)$/m.exec(metrics) ?? [];
      return Number(seconds) * 1000;
    }),
  );
  return Math.max(...stalls);
}
