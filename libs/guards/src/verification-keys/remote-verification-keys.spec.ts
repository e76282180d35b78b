import { Logger } from '@nestjs/common';
import { RemoteVerificationKeys } from './remote-verification-keys.js';
import { ISSUER, TestIssuer } from '../testing/test-issuer.js';

const MINUTE = 60;
const METADATA_URL = `${ISSUER}/.well-known/oauth-authorization-server`;
const JWKS_URL = `${ISSUER}/jwks`;

let first: TestIssuer;
let second: TestIssuer;
let seconds: number;
let fetched: string[];
let answers: Record<string, unknown>;
let down: boolean;
let cacheControl: string | undefined;
/** Delays the response with the key set until it resolves. */
let delay: Promise<void> | undefined;
let keys: RemoteVerificationKeys;

beforeAll(async () => {
  Logger.overrideLogger(false);
  first = await TestIssuer.create('first');
  second = await TestIssuer.create('second');
});
afterAll(() => Logger.overrideLogger(['error', 'warn']));

beforeEach(async () => {
  seconds = 1_000_000;
  fetched = [];
  down = false;
  cacheControl = delay = undefined;
  answers = {
    [METADATA_URL]: { issuer: ISSUER, jwks_uri: JWKS_URL },
    [JWKS_URL]: { keys: [await first.publicJwk()] },
  };
  keys = remoteKeys();
});

const publish = async (...issuers: TestIssuer[]) =>
  void (answers[JWKS_URL] = { keys: await Promise.all(issuers.map((issuer) => issuer.publicJwk())) });

function remoteKeys(issuer = ISSUER, jwksUri?: string): RemoteVerificationKeys {
  const fakeFetch = async (url: URL | RequestInfo): Promise<Response> => {
    const address = url instanceof Request ? url.url : url.toString();
    fetched.push(address);
    if (down) throw new TypeError('fetch failed');
    const headers = cacheControl === undefined ? undefined : { 'cache-control': cacheControl };
    const answer = address in answers ? Response.json(answers[address], { headers }) : undefined;
    if (address === JWKS_URL) await delay;
    return answer ?? new Response(null, { status: 404 });
  };
  return new RemoteVerificationKeys({ issuer, jwksUri, fetch: fakeFetch, now: () => seconds * 1000 });
}

const jwksFetches = () => fetched.filter((url) => url === JWKS_URL).length;
const inTheBackground = () => new Promise((resolve) => setTimeout(resolve));

describe('finding a key', () => {
  it('reads the address of the keys from the issuer’s metadata (RFC 8414 §3)', async () => {
    expect(await keys.find('first', 'ES256')).toBeDefined();
    expect(fetched).toEqual([METADATA_URL, JWKS_URL]);
  });

  it.each(['/tenant', '/tenant/'])(
    'puts the well-known part before the path of the issuer %s (RFC 8414 §3.1), or after it (OpenID Connect Discovery §4.1)',
    async (path) => {
      const openid = `${ISSUER}/tenant/.well-known/openid-configuration`;
      await expect(remoteKeys(ISSUER + path).find('first', 'ES256')).rejects.toThrow();
      expect(fetched).toEqual([`${METADATA_URL}/tenant`, openid]);
      answers[openid] = { issuer: ISSUER + path, jwks_uri: JWKS_URL };
      expect(await remoteKeys(ISSUER + path).find('first', 'ES256')).toBeDefined();
    },
  );

  it('reads no metadata when the address of the keys is set', async () => {
    keys = remoteKeys(ISSUER, `${JWKS_URL}?v=1`);
    answers[`${JWKS_URL}?v=1`] = answers[JWKS_URL];
    expect(await keys.find('first', 'ES256')).toBeDefined();
    expect(fetched).toEqual([`${JWKS_URL}?v=1`]);
  });

  it('fetches once for 100 concurrent callers', async () => {
    await Promise.all(Array.from({ length: 100 }, () => keys.find('first', 'ES256')));
    expect(fetched).toHaveLength(2);
  });

  it('fetches nothing for a key that it already has', async () => {
    await keys.find('first', 'ES256');
    await keys.find('first', 'ES256');
    expect(fetched).toHaveLength(2);
  });

  it('returns a key only for the algorithm of that key (RFC 8725 §3.1)', async () => {
    expect(await keys.find('first', 'RS256')).toBeUndefined();
  });

  it('finds keys of every accepted algorithm, also when the key set names no algorithm', async () => {
    const issuers = await Promise.all(
      (['ES256', 'PS256', 'RS256', 'EdDSA'] as const).map((alg) => TestIssuer.create(alg, alg)),
    );
    const jwks = await Promise.all(issuers.map((issuer) => issuer.publicJwk()));
    answers[JWKS_URL] = { keys: jwks.map((jwk) => ({ ...jwk, alg: undefined })) };
    const found = await Promise.all(issuers.map(({ kid, alg }) => keys.find(kid, alg)));
    expect(found.every(Boolean)).toBe(true);
  });

  it('ignores shared secrets, encryption keys and other algorithms in a key set', async () => {
    const jwk = await first.publicJwk();
    answers[JWKS_URL] = {
      keys: [
        { kty: 'oct', kid: 'oct', k: 'AAAA', alg: 'HS256' },
        { ...jwk, kid: 'enc', use: 'enc' },
        { ...jwk, alg: 'ES512' },
        null,
      ],
    };
    expect(await keys.find('oct', 'ES256')).toBeUndefined();
    expect(await keys.find('enc', 'ES256')).toBeUndefined();
    expect(await keys.find('first', 'ES256')).toBeUndefined();
  });
});

describe('a key set with a malformed key (RFC 7517 §5)', () => {
  it.each<[string, object]>([
    ['lacks a member', { kty: 'RSA', kid: 'broken', alg: 'RS256', e: 'AQAB' }],
    [
      'has a curve that does not fit its algorithm',
      { kty: 'EC', kid: 'broken', alg: 'ES256', crv: 'P-384', x: 'AA', y: 'AA' },
    ],
    ['is not a point on its curve', { kty: 'EC', kid: 'broken', alg: 'ES256', crv: 'P-256', x: 'AA', y: 'AA' }],
    ['has an unknown type', { kty: 'AKP', kid: 'broken', alg: 'ML-DSA-44', pub: 'AAAA' }],
    ['has an unknown curve', { kty: 'EC', kid: 'broken', crv: 'brainpoolP256r1', x: 'AA', y: 'AA' }],
    ['has no type', { kid: 'broken', alg: 'ES256' }],
  ])('still provides its other keys: one key %s', async (_, broken) => {
    answers[JWKS_URL] = { keys: [broken, await first.publicJwk()] };
    expect(await keys.find('first', 'ES256')).toBeDefined();
    expect(await keys.find('broken', 'ES256')).toBeUndefined();
  });
});

describe('an unknown key id', () => {
  beforeEach(() => keys.find('first', 'ES256'));

  it('is fetched at once, because the issuer may have rotated its keys', async () => {
    await publish(first, second);
    expect(await keys.find('second', 'ES256')).toBeDefined();
    expect(jwksFetches()).toBe(2);
  });

  it('is fetched again when it was not found, because it may have been published since', async () => {
    expect(await keys.find('second', 'ES256')).toBeUndefined();
    await publish(first, second);
    expect(await keys.find('second', 'ES256')).toBeDefined();
    expect(jwksFetches()).toBe(3);
  });

  it('causes few requests, however many ids are invented; what is not known then is answered 503', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `garbage-${index}`);
    const results = [];
    for (const id of ids) results.push(await Promise.allSettled([keys.find(id, 'ES256')]));
    const statuses = results.flat().map((result) => (result.status === 'rejected' ? result.reason.status : 'unknown'));
    expect(new Set(statuses.slice(0, 5))).toEqual(new Set(['unknown']));
    expect(new Set(statuses.slice(5))).toEqual(new Set([503]));
    expect(jwksFetches()).toBe(1 + 5);
  });

  it('is found within seconds after a rotation, also while somebody invents ids, and is never refused', async () => {
    const invent = async () => {
      for (let index = 0; index < 100; index++) await keys.find(`garbage-${index}`, 'ES256').catch(() => undefined);
    };
    await invent();
    await publish(second);
    await expect(keys.find('second', 'ES256')).rejects.toMatchObject({ status: 503 });
    seconds += 6;
    expect(await keys.find('second', 'ES256')).toBeDefined();
    for (; seconds < 1_000_600; seconds++) await invent();
    expect(jwksFetches()).toBeLessThan(110);
  });

  it('is refused without a request when it was published until a moment ago: its tokens must be replaced', async () => {
    await publish(second);
    await keys.find('second', 'ES256');
    const before = jwksFetches();
    for (let count = 0; count < 100; count++) expect(await keys.find('first', 'ES256')).toBeUndefined();
    expect(jwksFetches()).toBe(before);
    seconds += 30;
    await publish(first, second);
    expect(await keys.find('first', 'ES256')).toBeDefined();
  });

  it('waits for a fetch that is already running', async () => {
    await publish(first, second);
    const found = await Promise.all([keys.find('second', 'ES256'), keys.find('second', 'ES256')]);
    expect(found.every(Boolean)).toBe(true);
    expect(jwksFetches()).toBe(2);
  });

  it('is fetched again when a running fetch began before the key was published', async () => {
    let respond = (): void => undefined;
    delay = new Promise((resolve) => (respond = resolve));
    seconds += 10 * MINUTE;
    await keys.find('first', 'ES256');
    await inTheBackground();
    expect(jwksFetches()).toBe(2);
    const found = keys.find('second', 'ES256');
    await publish(first, second);
    respond();
    expect(await found).toBeDefined();
  });
});

describe('an old key set', () => {
  beforeEach(() => keys.find('first', 'ES256'));

  it('is fetched again in the background after 10 minutes', async () => {
    await publish(first, second);
    seconds += 10 * MINUTE - 1;
    await keys.find('first', 'ES256');
    expect(jwksFetches()).toBe(1);
    seconds += 1;
    expect(await keys.find('first', 'ES256')).toBeDefined();
    await inTheBackground();
    expect(jwksFetches()).toBe(2);
    expect(await keys.find('second', 'ES256')).toBeDefined();
    expect(jwksFetches()).toBe(2);
  });

  it.each([
    ['max-age=60', 60],
    ['public, MAX-AGE=60, must-revalidate', 60],
    ['max-age=86400', 10 * MINUTE],
    ['no-store', 10 * MINUTE],
  ])(
    'is fetched again after the max-age of the issuer, or after 10 minutes if that is shorter (RFC 9111 §5.2.2.1): %s',
    async (header, age) => {
      cacheControl = header;
      keys = remoteKeys();
      await keys.find('first', 'ES256');
      fetched = [];
      seconds += age - 1;
      await keys.find('first', 'ES256');
      expect(jwksFetches()).toBe(0);
      seconds += 1;
      await keys.find('first', 'ES256');
      await inTheBackground();
      expect(jwksFetches()).toBe(1);
    },
  );

  it('is replaced, and keys that are no longer published are not found', async () => {
    await publish(second);
    seconds += 10 * MINUTE;
    await keys.find('first', 'ES256');
    await inTheBackground();
    expect(await keys.find('first', 'ES256')).toBeUndefined();
  });
});

describe('an issuer that is down', () => {
  it('leaves the fetched keys in use for hours, and is asked again every 30 s', async () => {
    await keys.find('first', 'ES256');
    down = true;
    seconds += 6 * 60 * MINUTE;
    for (let index = 0; index < 10; index++) {
      expect(await keys.find('first', 'ES256')).toBeDefined();
      await inTheBackground();
    }
    expect(fetched).toHaveLength(3);
    seconds += 30;
    await keys.find('first', 'ES256');
    expect(fetched).toHaveLength(4);
  });

  it('is answered 503 before any key was fetched; the keys are found later without a restart', async () => {
    down = true;
    await expect(keys.find('first', 'ES256')).rejects.toMatchObject({
      name: 'DependencyUnavailableError',
      status: 503,
    });
    down = false;
    expect(await keys.find('first', 'ES256')).toBeDefined();
  });

  it('is answered 503 for an unknown key, because the issuer may have published it', async () => {
    await keys.find('first', 'ES256');
    down = true;
    seconds += 30;
    await expect(keys.find('second', 'ES256')).rejects.toMatchObject({ status: 503 });
    await expect(keys.find('second', 'ES256')).rejects.toMatchObject({ status: 503 });
    expect(fetched).toHaveLength(3);
  });
});

describe('an issuer with an unexpected response is answered 503', () => {
  it.each<[string, () => void]>([
    [
      'metadata of another issuer (RFC 8414 §3.3)',
      () => (answers[METADATA_URL] = { issuer: 'https://evil.example', jwks_uri: JWKS_URL }),
    ],
    ['metadata without jwks_uri', () => (answers[METADATA_URL] = { issuer: ISSUER })],
    [
      'a jwks_uri without TLS',
      () => (answers[METADATA_URL] = { issuer: ISSUER, jwks_uri: 'http://auth.example.com/jwks' }),
    ],
    ['no key set', () => (answers[JWKS_URL] = { message: 'hello' })],
    ['404', () => delete answers[JWKS_URL]],
  ])('%s', async (_, change) => {
    change();
    await expect(keys.find('first', 'ES256')).rejects.toMatchObject({ status: 503 });
  });
});
