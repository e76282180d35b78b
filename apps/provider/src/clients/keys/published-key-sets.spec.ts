import { generateKeyPairSync } from 'node:crypto';
import { OutboundError } from '../../outbound/outbound-fetcher.js';
import { PublishedKeySets } from './published-key-sets.js';

const { jest } = import.meta;

const URI = 'https://client.example/jwks';
const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

let seconds: number;
let asked: string[];
let answer: () => { json: unknown; maxAge?: number };
let sets: PublishedKeySets;

beforeEach(() => {
  seconds = 1_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => seconds * 1000);
  asked = [];
  publish('first');
  const getJson = async (uri: string) => {
    asked.push(uri);
    return { maxAge: undefined, ...answer() };
  };
  sets = new PublishedKeySets({ getJson } as ConstructorParameters<typeof PublishedKeySets>[0]);
});
afterEach(() => jest.restoreAllMocks());

const publish = (kid: string, maxAge?: number) => {
  answer = () => ({ json: { keys: [{ ...jwk, kid }] }, maxAge });
};
const goDown = () => {
  answer = () => {
    throw new OutboundError('the answer was 502, not 200');
  };
};
const kids = async (again = false) => (await sets.find(URI, again)).map(({ jwk: { kid } }) => kid);

describe('a key set at a jwks_uri', () => {
  it('is fetched once for parallel requests', async () => {
    expect(await Promise.all(Array.from({ length: 50 }, () => kids()))).toEqual(Array(50).fill(['first']));
    expect(asked).toEqual([URI]);
  });

  it('is fetched once more for parallel requests when it is no longer fresh', async () => {
    await kids();
    publish('second');
    seconds += 901;
    expect(await Promise.all(Array.from({ length: 50 }, () => kids()))).toEqual(Array(50).fill(['second']));
    expect(asked).toHaveLength(2);
  });

  it.each<[string, number | undefined, number]>([
    ['the time that its answer states', 300, 300],
    ['at least a minute', 0, 60],
    ['at most fifteen minutes', 86_400, 900],
    ['fifteen minutes when the answer states no time', undefined, 900],
  ])('is used for %s (RFC 9111 §5.2.2.1)', async (_, maxAge, life) => {
    publish('first', maxAge);
    await kids();
    publish('second');
    seconds += life - 1;
    expect(await kids()).toEqual(['first']);
    seconds += 1;
    expect(await kids()).toEqual(['second']);
  });

  it('is cached for each URL, a thousand at most', async () => {
    for (let i = 0; i <= 1000; i++) await sets.find(`${URI}?${i}`);
    await sets.find(`${URI}?1`);
    expect(asked).toHaveLength(1001);
    await sets.find(`${URI}?0`);
    expect(asked).toHaveLength(1002);
  });

  it.each<[string, unknown]>([
    ['of an unknown type', { kty: 'AKP', kid: 'pq', pub: 'AAAA' }],
    ['on an unknown curve', { kty: 'EC', crv: 'brainpoolP256r1', x: jwk.x, y: jwk.y }],
    ['without a type', {}],
    ['that is null', null],
  ])('is used without a key %s (RFC 7517 §5)', async (_, unknown) => {
    answer = () => ({ json: { keys: [unknown, { ...jwk, kid: 'known' }] } });
    expect(await kids()).toEqual(['known']);
  });

  it('may be empty, because the client has withdrawn its keys', async () => {
    answer = () => ({ json: { keys: [] } });
    expect(await kids()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['an object without keys', {}],
    ['an object whose keys are not a list', { keys: {} }],
    ['a list of keys that are not objects', { keys: ['key'] }],
    ['a list of keys without a type', { keys: [{}] }],
    ['a list of more than a hundred keys', { keys: Array(101).fill({ kty: 'EC' }) }],
  ])('is refused when it is %s (RFC 7517 §5)', async (_, json) => {
    answer = () => ({ json });
    await expect(sets.find(URI)).rejects.toThrow(OutboundError);
  });
});

describe('a key that is missing in a key set (OpenID Connect Core §10.1.1)', () => {
  beforeEach(async () => void (await kids()));

  it('causes another fetch at once', async () => {
    publish('second');
    expect(await kids(true)).toEqual(['second']);
  });

  it('causes one fetch in 15 seconds, for any number of invented key ids', async () => {
    for (seconds += 1; seconds < 1_000_016; seconds++) await Promise.all([kids(true), kids(true)]);
    expect(asked).toHaveLength(2);
    await kids(true);
    expect(asked).toHaveLength(3);
  });

  it('uses the result of a fetch that has already started', async () => {
    seconds += 900;
    const underWay = kids();
    publish('second');
    expect(await Promise.all([underWay, kids(true)])).toEqual([['second'], ['second']]);
  });
});

describe('a URL that does not answer', () => {
  it('leaves the last good keys in use for an hour, and is fetched every 15 seconds', async () => {
    await kids();
    goDown();
    for (seconds += 900; seconds < 1_003_600; seconds++) expect(await kids()).toEqual(['first']);
    expect(asked).toHaveLength(1 + 2700 / 15);
    await expect(kids()).rejects.toThrow(OutboundError);
  });

  it('leaves fresh keys in use when a key is missing', async () => {
    await kids();
    goDown();
    expect(await kids(true)).toEqual(['first']);
  });

  it('is not fetched by every request when it never answered', async () => {
    goDown();
    await Promise.allSettled([kids(), kids(), kids(true)]);
    await expect(kids()).rejects.toThrow('502');
    expect(asked).toHaveLength(1);
    publish('first');
    seconds += 15;
    expect(await kids()).toEqual(['first']);
  });
});
