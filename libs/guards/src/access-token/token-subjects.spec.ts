import { InvalidTokenError } from './verified-access-token.js';
import { IntrospectedSubjects } from './token-subjects.js';
import { NOW, USER_CLAIMS } from '../testing/test-issuer.js';

const PAIRWISE = { ...USER_CLAIMS, sub: 'pairwise-sub', subject_type: 'pairwise' } as const;

let seconds: number;
let asked: string[];
let answer: { active: boolean; sub?: string } | Error;
let subjects: IntrospectedSubjects;

beforeEach(() => {
  seconds = NOW;
  asked = [];
  answer = { active: true, sub: 'alice' };
  const introspect = async (token: string) => {
    asked.push(token);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  subjects = new IntrospectedSubjects({ introspect }, () => seconds * 1000);
});

describe('the user of a token (OpenID Connect Core §8)', () => {
  it('is its sub, without a request, unless that is pairwise', async () => {
    expect(await subjects.find(USER_CLAIMS, 'token')).toBe(USER_CLAIMS.sub);
    expect(asked).toEqual([]);
  });

  it('is the sub of the introspection when its own is pairwise, and is asked for once', async () => {
    const found = await Promise.all([1, 2, 3].map(() => subjects.find(PAIRWISE, 'token')));
    expect([found, await subjects.find(PAIRWISE, 'token')]).toEqual([['alice', 'alice', 'alice'], 'alice']);
    expect(asked).toEqual(['token']);
    seconds = USER_CLAIMS.exp;
    await subjects.find(PAIRWISE, 'token');
    expect(asked).toHaveLength(2);
  });

  it('cannot be found for a token that is not active', async () => {
    answer = { active: false };
    await expect(subjects.find(PAIRWISE, 'token')).rejects.toThrow(InvalidTokenError);
  });

  it('is answered 503 while the provider is down, and is asked for again', async () => {
    answer = new Error('down');
    await expect(subjects.find(PAIRWISE, 'token')).rejects.toMatchObject({ status: 503 });
    answer = { active: true, sub: 'alice' };
    expect(await subjects.find(PAIRWISE, 'token')).toBe('alice');
  });

  it('is remembered for a bounded number of tokens', async () => {
    for (let index = 0; index <= 10_000; index++) await subjects.find(PAIRWISE, `${index}`);
    asked = [];
    for (const token of ['10000', '0']) await subjects.find(PAIRWISE, token);
    expect(asked).toEqual(['0']);
  });
});
