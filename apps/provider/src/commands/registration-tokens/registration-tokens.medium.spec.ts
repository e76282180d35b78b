import { testDatabase } from '@trefoil/testing';
import { request } from '../../testing/api-requests.js';
import { sharedSecrets, type TerminalOptions, trefoil } from '../../testing/command-line.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const ID = '0197a0e2-6a5e-7c1f-9d1e-3a4b5c6d7e8f';
const SECRET = /^[\w-]{43}$/;

let provider: ProviderUnderTest;
let environment: Record<string, string>;

beforeAll(async () => {
  const secrets = sharedSecrets();
  const DATABASE_URL = await testDatabase();
  provider = await startProvider(DATABASE_URL, secrets);
  environment = { ...secrets, DATABASE_URL, ISSUER: provider.url, NODE_ENV: 'test' };
});
afterAll(() => provider.stop());

const run = (args: string[], options: TerminalOptions = {}) =>
  trefoil(environment, ['registration-token', ...args], options);

/** Registers a client with a token. Returns the status of the response. */
async function register(token: string): Promise<number> {
  const { status } = await request(provider, '/register', {
    method: 'POST',
    token,
    body: JSON.stringify({ redirect_uris: ['https://app.example/callback'] }),
    headers: { 'content-type': 'application/json' },
  });
  return status;
}

describe('registration-token', () => {
  it('create prints a token once, and revoke ends it', async () => {
    const { exitCode, json } = await run(['create', '--description', 'Shop', '--expires-in', '1h', '--json']);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      token: expect.stringMatching(SECRET),
      description: 'Shop',
      default_profile: 'oauth2.1',
      allowed_profiles: ['oauth2.1'],
      expires_at: expect.any(String),
      revoked_at: null,
    });
    const { id, token } = json as { id: string; token: string };
    expect(await register(token)).toBe(201);
    expect((await run(['list', '--json'])).out).not.toContain(token);

    expect((await run(['revoke', id])).exitCode).toBe(4);
    expect(await register(token)).toBe(201);
    expect((await run(['revoke', id, '--yes', '--json'])).json).toEqual({ id, revoked: true, changed: true });
    expect((await run(['revoke', id, '--yes', '--json'])).json).toEqual({ id, revoked: true, changed: false });
    expect(await register(token)).toBe(401);
    expect((await run(['list'])).out).toMatch(new RegExp(`${id} +revoked`));
  });

  it('create takes a token over from standard input, and never prints it', async () => {
    const input = 'a-token-of-another-system';
    const created = await run(['create', '--id', ID, '--token-stdin', '--allow-profile', 'oauth2.1', 'fapi2'], {
      input: `${input}\n`,
    });
    expect([created.exitCode, created.out]).toEqual([0, expect.not.stringContaining(input)]);
    expect(await register(input)).toBe(201);
    expect((await run(['create', '--id', ID])).exitCode).toBe(5);
    expect((await run(['create', '--token-stdin'], { input })).exitCode).toBe(5);
  });

  it('create makes the token of the demo, which production refuses', async () => {
    const options = { input: 'demo-initial-access-token' };
    await provider.dataSource.query('DELETE FROM initial_access_tokens WHERE refused_in_production');
    expect((await run(['create', '--token-stdin'], options)).exitCode).toBe(0);
    expect(await register(options.input)).toBe(201);
    const inProduction = { ...environment, NODE_ENV: 'production', PLAIN_HTTP_ORIGINS: provider.url };
    const refused = await trefoil(inProduction, ['registration-token', 'create', '--token-stdin'], options);
    expect([refused.exitCode, refused.notes]).toEqual([2, expect.stringContaining('--token-stdin must not be')]);
  });

  it.each<[string, string[], string]>([
    ['a short token', ['--token-stdin'], 'error: --token-stdin must have at least 20 characters'],
    ['an id that is not a UUID', ['--id', '7'], 'error: --id'],
    ['an unknown profile', ['--profile', 'fapi3'], "option '--profile <profile>'"],
    ['an unknown allowed profile', ['--allow-profile', 'fapi3'], "option '--allow-profile <profile...>'"],
    ['a default profile that is not allowed', ['--allow-profile', 'fapi2'], 'error: --allow-profile must include'],
    ['a malformed duration', ['--expires-in', 'soon'], "option '--expires-in <duration>'"],
    ['a duration of no time', ['--expires-in', '0'], 'error: --expires-in must be in the future'],
  ])('create refuses %s and names the option', async (_, options, words) => {
    const { exitCode, notes } = await run(['create', ...options], { input: 'short' });
    expect([exitCode, notes]).toEqual([2, expect.stringContaining(words)]);
  });

  it('revoke refuses an unknown id', async () => {
    expect((await run(['revoke', 'no-such-token', '--yes'])).exitCode).toBe(3);
  });
});
