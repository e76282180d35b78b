import { testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../clients/client.entity.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { Users } from '../users/users.js';
import { givenAccountTokens, request } from '../testing/api-requests.js';
import { sharedSecrets, type TerminalOptions, trefoil } from '../testing/command-line.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { basic, FRONTEND, givenGrant, MARKETING_SYNC, post } from '../testing/token-requests.js';
import { until } from '../testing/until.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SECRET = /^[\w-]{43}$/;
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);

const directory = mkdtempSync(join(tmpdir(), 'commands-'));

/** Writes a JSON file and returns its path. */
function givenFile(content: object): string {
  const path = join(directory, `${randomUUID()}.json`);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

let provider: ProviderUnderTest;
let environment: Record<string, string>;
let earlier: string;

beforeAll(async () => {
  const secrets = sharedSecrets();
  const DATABASE_URL = await testDatabase();
  provider = await startProvider(DATABASE_URL, secrets);
  environment = { ...secrets, DATABASE_URL, ISSUER: provider.url, NODE_ENV: 'test' };
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await provider.stop();
});
beforeEach(async () => {
  earlier = (await newestEvent())?.id ?? '0';
});

const newestEvent = async () =>
  (await provider.dataSource.manager.find(SecurityEvent, { order: { id: 'DESC' }, take: 1 }))[0];

const run = (line: string, options: TerminalOptions = {}) =>
  trefoil(environment, line.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? [], options);

const recorded = () =>
  provider.dataSource.manager
    .createQueryBuilder(SecurityEvent, 'event')
    .where('event.id > :earlier', { earlier })
    .orderBy('event.id')
    .getMany();

const machineToken = (authorization: string, scope = 'contacts:export') =>
  post(provider, '/token', { grant_type: 'client_credentials', scope }, authorization);

const opens = async (token: string) => (await request(provider, '/userinfo', { token })).status === 200;

describe('client', () => {
  it('create registers a client, prints its secret once, and records it', async () => {
    const { exitCode, json } = await run(
      'client create --id nightly --name Nightly --description "Sends letters" --grant-type client_credentials --scope contacts:export --json',
    );
    expect(exitCode).toBe(0);
    expect(json).toEqual({
      client_id: 'nightly',
      client_secret: expect.stringMatching(SECRET),
      client_name: 'Nightly',
      description: 'Sends letters',
      client_uri: null,
      security_profile: 'oauth2.1',
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      post_logout_redirect_uris: [],
      scope: 'contacts:export',
      token_exchange_resources: [],
      contacts: [],
      logo_uri: null,
      policy_uri: null,
      tos_uri: null,
      software_id: null,
      software_version: null,
      jwks: null,
      jwks_uri: null,
      token_endpoint_auth_signing_alg: null,
      request_object_signing_alg: null,
      id_token_signed_response_alg: null,
      userinfo_signed_response_alg: null,
      authorization_signed_response_alg: null,
      introspection_signed_response_alg: null,
      require_pushed_authorization_requests: false,
      require_signed_request_object: false,
      response_modes: null,
      dpop_bound_access_tokens: false,
      tls_client_certificate_bound_access_tokens: false,
      tls_client_auth_subject_dn: null,
      tls_client_auth_san_dns: null,
      tls_client_auth_san_uri: null,
      tls_client_auth_san_ip: null,
      tls_client_auth_san_email: null,
      subject_type: 'public',
      sector_identifier_uri: null,
      default_max_age: null,
      require_auth_time: false,
      default_acr_values: [],
      initiate_login_uri: null,
      backchannel_logout_uri: null,
      backchannel_logout_session_required: false,
      disabled_at: null,
      created_at: TIME,
    });
    const { client_secret } = json as { client_secret: string };
    expect((await machineToken(basic('nightly', client_secret))).status).toBe(200);
    const [event] = await recorded();
    expect(event).toMatchObject({ type: 'client-registered', clientId: 'nightly' });
    expect(event?.actor).toMatch(/^command line \(.+\)$/);
    expect(JSON.stringify(event)).not.toContain(client_secret);
  });

  it('create allows token exchange and the scopes of closed resource servers, unlike dynamic registration', async () => {
    const resource = `${provider.url}/api`;
    const { exitCode, json, notes } = await run(
      `client create --name Gate --grant-type token-exchange --scope account:read --token-exchange-resource ${resource} --json`,
    );
    expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: '' });
    expect(json).toMatchObject({
      client_id: expect.stringMatching(UUID),
      grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      token_exchange_resources: [resource],
    });
  });

  it('create asks for a missing name, and creates no secret for a public client', async () => {
    const line = 'client create --auth-method none --native --redirect-uri com.example.app:/callback --json';
    const { exitCode, json, notes } = await run(line, { replies: ['My app'] });
    expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: 'Name that people see: ' });
    expect(json).toMatchObject({ client_name: 'My app', grant_types: ['authorization_code', 'refresh_token'] });
    expect(json).not.toHaveProperty('client_secret');
  });

  it('create registers the subject of a certificate, and tokens that are bound to it (RFC 8705 §2.1.2, §3.4)', async () => {
    const line =
      'client create --id reports --name R --grant-type client_credentials --auth-method tls_client_auth --tls-san-dns reports --certificate-bound --json';
    const { exitCode, json } = await run(line);
    expect({ exitCode, json }).toMatchObject({ exitCode: 0, json: { token_endpoint_auth_method: 'tls_client_auth' } });
    expect(json).not.toHaveProperty('client_secret');
    expect(await provider.dataSource.manager.findOneByOrFail(Client, { clientId: 'reports' })).toMatchObject({
      tlsClientAuthSanDns: 'reports',
      tlsClientCertificateBoundAccessTokens: true,
    });
  });

  it.each([
    [
      '--auth-method tls_client_auth --redirect-uri https://shop.example/cb',
      '--auth-method tls_client_auth needs exactly one of --tls-subject-dn, --tls-san-dns',
    ],
    ['--redirect-uri http://shop.example/cb', '--redirect-uri: each must be https'],
    ['', '--redirect-uri is missing'],
    ['--grant-type password', '--grant-type: password is never offered'],
    [
      '--grant-type client_credentials --scope contacts:read',
      '--scope has a value that such a client can never be granted',
    ],
    ['--grant-type client_credentials --auth-method none', '--auth-method must not be none with client_credentials'],
    ['--grant-type client_credentials --profile fapi2', '--jwks or --jwks-uri is missing'],
    ['--grant-type client_credentials --jwks /nowhere.json', '--jwks: /nowhere.json cannot be read'],
    ['--grant-type client_credentials --id "a b"', '--id must be 1 to 100 letters'],
    ['--grant-type token-exchange --token-exchange-resource urn:none', 'there is no resource server urn:none'],
  ])('create %s is refused by the rules of registration, and the message names the option', async (options, words) => {
    const { exitCode, out, notes } = await run(`client create --name X ${options}`);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(notes).toContain(words);
    expect(await recorded()).toEqual([]);
  });

  it('create refuses the id of an existing client', async () => {
    const line = 'client create --id frontend --name X --grant-type client_credentials';
    expect(await run(line)).toMatchObject({ exitCode: 5, notes: 'A client frontend already exists.\n' });
  });

  it('create takes a secret from standard input, does not print it, and refuses a weak one', async () => {
    const line =
      'client create --id moved --name Moved --grant-type client_credentials --scope contacts:export --secret-stdin --json';
    expect(await run(line, { input: 'short\n' })).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('the client secret must be 16 to 200 visible ASCII characters'),
    });
    const { exitCode, out } = await run(line, { input: 'the-secret-it-had-elsewhere\n' });
    expect(exitCode).toBe(0);
    expect(out).not.toContain('elsewhere');
    const { status } = await machineToken(basic('moved', 'the-secret-it-had-elsewhere'));
    expect(status).toBe(200);
  });

  it('update changes the members that options and the file name, and keeps the others', async () => {
    await run('client create --id changing --name Before --redirect-uri https://a.example/cb --scope openid');
    const file = givenFile({ tos_uri: 'https://a.example/terms', require_auth_time: true });
    const { exitCode, json } = await run(`client update changing --name After --metadata ${file} --json`);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      client_name: 'After',
      redirect_uris: ['https://a.example/cb'],
      scope: 'openid',
      tos_uri: 'https://a.example/terms',
      require_auth_time: true,
    });
    expect(json).not.toHaveProperty('client_secret');
    expect((await run(`client update changing --metadata ${givenFile({ tos_uri: null })} --json`)).json).toMatchObject({
      client_name: 'After',
      tos_uri: null,
    });
  });

  it.each([
    ['', 'give at least one option'],
    ['--redirect-uri http://shop.example/cb', '--redirect-uri: each must be https'],
    ['--metadata /nowhere.json', '--metadata: /nowhere.json cannot be read'],
    [`--metadata ${givenFile({ software_statement: 'x' })}`, 'software_statement is not a member that can be given'],
    [`--metadata ${givenFile({ require_auth_time: 'yes' })}`, 'require_auth_time must be true or false'],
  ])('update %s is refused, and the message names the option or the member', async (options, words) => {
    const { exitCode, notes } = await run(`client update frontend ${options}`);
    expect(exitCode).toBe(2);
    expect(notes).toContain(words);
  });

  it('delete removes a client, and resource servers are no longer open to its id', async () => {
    await run('client create --id leaving --name Leaving --grant-type client_credentials');
    await provider.dataSource.query(
      `UPDATE resource_servers SET user_clients = array_append(user_clients, 'leaving') WHERE name = 'Contacts'`,
    );
    expect(await run('client delete leaving --yes --json')).toMatchObject({
      exitCode: 0,
      json: { client_id: 'leaving', deleted: true },
    });
    expect(await run('client delete leaving --yes')).toMatchObject({ exitCode: 3 });
    const [contacts] = await provider.dataSource.query(`SELECT * FROM resource_servers WHERE name = 'Contacts'`);
    expect(contacts).toMatchObject({ user_clients: ['frontend', 'api-docs'] });
  });

  it('list shows every client and no secrets', async () => {
    const { exitCode, json, out } = await run('client list --json');
    expect(exitCode).toBe(0);
    expect(json).toEqual(expect.arrayContaining([expect.objectContaining({ client_id: 'marketing-sync' })]));
    expect(out).not.toContain('secret_hash');
    expect((await run('client list')).out).toMatch(/^CLIENT +PROFILE .*\n(.*\n)*frontend +oauth2\.1 +\w+ +enabled/);
  });

  it('disable refuses the client and revokes its tokens; enable accepts it again, but not its old tokens', async () => {
    const { body } = await machineToken(MARKETING_SYNC);
    const disabled = await run('client disable marketing-sync --yes --json');
    expect(disabled).toMatchObject({
      exitCode: 0,
      json: { client_id: 'marketing-sync', disabled: true, changed: true },
    });
    // Another process changed the client. The running provider caches clients for up to a second.
    await until(async () => ((await machineToken(MARKETING_SYNC)).status === 401 ? true : undefined));
    expect((await run('client disable marketing-sync --yes --json')).json).toMatchObject({ changed: false });
    expect((await run('client enable marketing-sync --json')).json).toMatchObject({ disabled: false, changed: true });
    await until(async () => ((await machineToken(MARKETING_SYNC)).status === 200 ? true : undefined));
    const told = await post(
      provider,
      '/introspect',
      { token: body.access_token },
      basic('backend', 'backend-demo-secret'),
    );
    expect(told.body).toEqual({ active: false });
    const events = (await recorded()).filter(({ actor }) => actor);
    expect(events).toMatchObject([
      { type: 'client-disabled', clientId: 'marketing-sync', details: { generation: '1' } },
      { type: 'client-enabled', clientId: 'marketing-sync' },
    ]);
  });
});

describe('secret', () => {
  it('rotate prints a new secret; the old one works until the overlap ends', async () => {
    await run('client create --id rotating --name R --grant-type client_credentials --scope contacts:export');
    const { exitCode, json } = await run('secret rotate rotating --overlap 1h --json');
    expect(exitCode).toBe(0);
    expect(json).toEqual({
      client_id: 'rotating',
      secret_id: expect.stringMatching(UUID),
      client_secret: expect.stringMatching(SECRET),
      overlap_seconds: 3600,
    });
    const { client_secret } = json as { client_secret: string };
    expect((await machineToken(basic('rotating', client_secret))).status).toBe(200);
    const listed = await run('secret list rotating --json');
    const one = { secret_id: expect.stringMatching(UUID), created_at: TIME };
    expect(listed.json).toEqual([
      { ...one, last_used_at: null, expires_at: null },
      { ...one, last_used_at: null, expires_at: TIME },
    ]);
    expect(listed.out).not.toContain(client_secret);
  });

  it('rotate without overlap needs confirmation', async () => {
    expect(await run('secret rotate marketing-sync --overlap 0')).toMatchObject({ exitCode: 4, out: '' });
    expect((await machineToken(MARKETING_SYNC)).status).toBe(200);
  });

  it('rotate refuses a client that has no secret', async () => {
    expect(await run('secret rotate demo-cli')).toMatchObject({ exitCode: 5, out: '' });
  });
});

describe('key', () => {
  it('rotate publishes a new key, and list shows it', async () => {
    const { exitCode, json } = await run('key rotate --algorithm ES256 --json');
    expect(exitCode).toBe(0);
    const times = { created_at: TIME, signs_from: TIME, signs_until: null, retires_at: null };
    expect(json).toEqual([{ kid: expect.any(String), alg: 'ES256', state: 'waiting', ...times }]);
    const [{ kid } = { kid: '' }] = json as { kid: string }[];
    expect((await run('key list')).out).toContain(kid);
    expect((await recorded()).map(({ type }) => type)).toEqual(['signing-key-created']);
  });

  it('retire refuses a key that is signing, and an unknown key id', async () => {
    const { json } = await run('key list --json');
    const signing = (json as { kid: string; state: string }[]).find(({ state }) => state === 'signing');
    // `--` because one key id in 64 begins with a hyphen.
    expect(await run(`key retire --yes -- ${signing?.kid}`)).toMatchObject({ exitCode: 5 });
    expect(await run('key retire nothing --yes')).toMatchObject({ exitCode: 3 });
  });
});

describe('user', () => {
  it('create reads the password from standard input and never prints it', async () => {
    const line = 'user create Carol@example.com --name "Carol Carpenter" --password-stdin --json';
    const { exitCode, json, out } = await run(line, { input: 'correct horse battery\n' });
    expect(exitCode).toBe(0);
    expect(json).toEqual({
      sub: expect.stringMatching(UUID),
      email: 'carol@example.com',
      email_verified: true,
      name: 'Carol Carpenter',
      administrator: false,
      disabled_at: null,
      created_at: TIME,
    });
    expect(out).not.toContain('correct horse');
    expect(await recorded()).toMatchObject([{ type: 'user-created', outcome: 'success' }]);
    const users = provider.app.get(Users);
    expect(await users.authenticate('carol@example.com', 'correct horse battery')).toMatchObject({ disabledAt: null });
  });

  it('create refuses the e-mail address of an existing user, and changes nothing', async () => {
    const { exitCode, notes } = await run('user create alice@example.com --generate-password');
    expect({ exitCode, notes }).toEqual({ exitCode: 5, notes: 'A user alice@example.com already exists.\n' });
    expect(await recorded()).toEqual([]);
  });

  it('create asks for the password twice, and refuses passwords that differ or are too short', async () => {
    const typed = 'user create dave@example.com';
    expect(await run(typed, { replies: ['a long enough one', 'another one, as long'] })).toMatchObject({ exitCode: 2 });
    expect(await run(typed, { replies: ['short'] })).toMatchObject({ exitCode: 2 });
    expect(await run(typed, { replies: ['a long enough one', 'a long enough one'] })).toMatchObject({ exitCode: 0 });
  });

  it('create generates a password on demand, and without a terminal requires an option for the password', async () => {
    const { json } = await run('user create erin@example.com --administrator --generate-password --json');
    expect(json).toMatchObject({ administrator: true, password: expect.stringMatching(SECRET) });
    expect(await run('user create frank@example.com')).toMatchObject({ exitCode: 2 });
  });

  it('create and update take an id and further members, and name the wrong option or member', async () => {
    const sub = randomUUID();
    const file = givenFile({ given_name: 'Grace', address: { country: 'US' }, email_verified: false });
    const line = `user create grace@example.com --id ${sub} --claims ${file} --generate-password --json`;
    expect((await run(line)).json).toMatchObject({ sub, given_name: 'Grace', email_verified: false });
    expect(await run(line)).toMatchObject({ exitCode: 5 });
    const changed = await run(
      `user update ${sub} --email grace@example.org --claims ${givenFile({ address: null })} --json`,
    );
    expect(changed.json).toMatchObject({ email: 'grace@example.org', given_name: 'Grace' });
    expect(changed.json).not.toHaveProperty('address');
    expect(await run(`user update ${sub} --email alice@example.com`)).toMatchObject({
      exitCode: 5,
      notes: 'A user alice@example.com already exists.\n',
    });
    for (const [options, words] of [
      ['', 'give --email, --name or --claims'],
      ['--email nobody', '--email must be an e-mail address'],
      [`--claims ${givenFile({ birthdate: 'May' })}`, 'birthdate must be a date'],
    ] as const) {
      const { exitCode, notes } = await run(`user update ${sub} ${options}`);
      expect(exitCode).toBe(2);
      expect(notes).toContain(words);
    }
    expect(await run('user create x@example.com --id 7 --generate-password')).toMatchObject({
      exitCode: 2,
      notes: 'error: --id must be a UUID\n',
    });
  });

  it('set-password replaces the password and signs the user out everywhere', async () => {
    await run('user create heidi@example.com --password-stdin', { input: 'the first password' });
    const line = 'user set-password heidi@example.com --password-stdin --yes --json';
    expect(await run(line, { input: 'short' })).toMatchObject({ exitCode: 2 });
    expect(await run(line, { input: 'the second password' })).toMatchObject({ exitCode: 0 });
    const users = provider.app.get(Users);
    expect(await users.authenticate('heidi@example.com', 'the first password')).toBeUndefined();
    expect(await users.authenticate('heidi@example.com', 'the second password')).toBeDefined();
    const generated = await run('user set-password heidi@example.com --generate-password --yes --json');
    expect(generated.json).toMatchObject({ password: expect.stringMatching(SECRET) });
  });

  it('set-admin and unset-admin change who administers, and say whether they changed anything', async () => {
    expect((await run('user set-admin bob@example.com --yes --json')).json).toMatchObject({ changed: true });
    expect((await run('user set-admin bob@example.com --yes --json')).json).toMatchObject({ changed: false });
    expect((await run('user unset-admin bob@example.com --yes --json')).json).toMatchObject({ changed: true });
    expect((await recorded()).map(({ type }) => type)).toEqual(['administrator-added', 'administrator-removed']);
  });

  it.each(['unset-admin', 'disable', 'delete'])('%s refuses the only enabled administrator', async (command) => {
    await provider.dataSource.query(`UPDATE users SET administrator = email = 'admin@example.com'`);
    const { exitCode, notes } = await run(`user ${command} admin@example.com --yes`);
    expect(exitCode).toBe(5);
    expect(notes).toContain('This is the only enabled administrator.');
    expect(await recorded()).toEqual([]);
  });

  it('delete removes the user and ends their tokens', async () => {
    const { json } = await run('user create ivan@example.com --generate-password --json');
    const { sub } = json as { sub: string };
    const given = await givenAccountTokens(provider, undefined, { userId: sub });
    expect((await run('user delete ivan@example.com --yes --json')).json).toMatchObject({ sub, deleted: true });
    expect(await opens(given.accessToken)).toBe(false);
    expect(await run('user delete ivan@example.com --yes')).toMatchObject({ exitCode: 3 });
  });

  it('list continues after an e-mail address', async () => {
    const { json } = await run('user list --after admin@example.com --limit 1 --json');
    expect(json).toMatchObject([{ email: 'alice@example.com', name: 'Alice Marie Appleton' }]);
  });

  it('disable by e-mail address revokes all tokens of a user; enable by id does not restore them', async () => {
    const given = await givenAccountTokens(provider);
    const disabled = await run('user disable ALICE@example.com --yes --json');
    const sub = given.grant.userId;
    expect(disabled).toMatchObject({ exitCode: 0, json: { sub, disabled: true, changed: true } });
    expect(await opens(given.accessToken)).toBe(false);
    const refreshed = { grant_type: 'refresh_token', refresh_token: given.refreshToken };
    expect((await post(provider, '/token', refreshed, FRONTEND)).body.error).toBe('invalid_grant');
    const acts = (await recorded()).filter(({ actor }) => actor).map(({ type }) => type);
    expect(acts).toEqual(['user-disabled', 'grant-revoked']);
    expect((await run(`user enable ${sub} --json`)).json).toMatchObject({ changed: true });
    expect(await opens(given.accessToken)).toBe(false);
  });
});

describe('revoke', () => {
  it('--user ends the sessions and grants of a user, and prints how many', async () => {
    const given = await givenAccountTokens(provider);
    const { exitCode, json } = await run('revoke --user alice@example.com --yes --json');
    expect(exitCode).toBe(0);
    expect(json).toEqual({
      sub: given.grant.userId,
      email: 'alice@example.com',
      ended: { sessions: expect.any(Number), grants: 1 },
    });
    expect(await opens(given.accessToken)).toBe(false);
  });

  it('--session ends a session and its grants, those with offline_access included', async () => {
    const given = await givenAccountTokens(provider);
    const { sessionId, userId } = given.grant;
    await givenGrant(provider, { sessionId, scopes: ['openid', 'offline_access'] });
    const { json } = await run(`revoke --session ${sessionId} --yes --json`);
    expect(json).toEqual({ session_id: sessionId, sub: userId, ended: { sessions: 1, grants: 2 } });
    expect(await opens(given.accessToken)).toBe(false);
    expect(await run(`revoke --session ${sessionId} --yes`)).toMatchObject({ exitCode: 3 });
  });

  it('--grant revokes a grant, and fails for one that is already revoked', async () => {
    const given = await givenAccountTokens(provider);
    expect(await run(`revoke --grant ${given.grant.id} --yes`)).toMatchObject({ exitCode: 0 });
    expect(await opens(given.accessToken)).toBe(false);
    expect(await run(`revoke --grant ${given.grant.id} --yes`)).toMatchObject({ exitCode: 3 });
    expect(await run('revoke --grant 7 --yes')).toMatchObject({ exitCode: 2 });
  });

  it('--token revokes an access token, given on standard input or by its jti', async () => {
    const [first, second] = [await givenAccountTokens(provider), await givenAccountTokens(provider)];
    const { json } = await run('revoke --token - --yes --json', { input: `${first.accessToken}\n` });
    expect(json).toEqual({ jti: expect.any(String), client_id: 'frontend', sub: first.grant.userId });
    const [, payload = ''] = second.accessToken.split('.');
    const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string };
    expect(await run(`revoke --token ${jti} --yes`)).toMatchObject({ exitCode: 0 });
    expect([await opens(first.accessToken), await opens(second.accessToken)]).toEqual([false, false]);
  });

  it('--token - revokes the grant of a refresh token', async () => {
    const given = await givenAccountTokens(provider);
    const { json } = await run('revoke --token - --yes --json', { input: given.refreshToken });
    expect(json).toMatchObject({ grant_id: given.grant.id });
    expect(await opens(given.accessToken)).toBe(false);
  });

  it('refuses a token on the command line, where other users of the machine can see it', async () => {
    const { accessToken, refreshToken } = await givenAccountTokens(provider);
    for (const token of [accessToken, refreshToken]) {
      const { exitCode, notes } = await run(`revoke --token ${token} --yes`);
      expect(exitCode).toBe(2);
      expect(notes).not.toContain(token);
      expect(await opens(accessToken)).toBe(true);
    }
  });

  it('--client revokes all tokens of a client', async () => {
    const given = await givenAccountTokens(provider);
    const { json } = await run('revoke --client frontend --yes --json');
    expect(json).toEqual({ client_id: 'frontend', ended: { sessions: 0, grants: expect.any(Number) } });
    expect(await opens(given.accessToken)).toBe(false);
  });
});

describe('a command that takes something away', () => {
  it.each([
    'client disable marketing-sync',
    'client delete marketing-sync',
    'user disable bob@example.com',
    'user delete bob@example.com',
    'user set-password bob@example.com --generate-password',
    'user unset-admin bob@example.com',
    'revoke --client marketing-sync',
    'secret rotate marketing-sync --overlap 0',
    'key rotate --immediately',
  ])('%s: asks for confirmation, and changes nothing unless the answer is yes', async (line) => {
    const answers = [await run(line, { replies: [''] }), await run(line, { replies: ['n'] })];
    for (const { exitCode, out, notes } of answers) {
      expect({ exitCode, out }).toEqual({ exitCode: 4, out: '' });
      expect(notes).toMatch(/\? .*\[y\/N\] Nothing was changed\.\n$/);
    }
    const alone = await run(line);
    expect(alone).toMatchObject({ exitCode: 4, out: '' });
    expect(alone.notes).toContain('Add --yes');
    expect(await recorded()).toEqual([]);
  });

  it('is carried out when the answer is yes', async () => {
    expect(await run('revoke --client marketing-sync', { replies: ['y'] })).toMatchObject({ exitCode: 0 });
    expect(await recorded()).toMatchObject([{ type: 'client-tokens-revoked' }]);
  });

  it.each(['client disable nobody', 'secret list nobody', 'user disable nobody@example.com', 'revoke --user nobody'])(
    '%s: exits with code 3 before it asks for confirmation',
    async (line) => {
      expect(await run(line)).toMatchObject({ exitCode: 3, out: '', notes: expect.stringContaining('There is no') });
    },
  );
});

it('reports that the database does not answer', async () => {
  const elsewhere = { ...environment, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  const { exitCode, notes } = await trefoil(elsewhere, ['client', 'list']);
  expect(exitCode).toBe(1);
  expect(notes).toContain('The database does not answer');
});
