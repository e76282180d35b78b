import { type Introspection, IntrospectedTokens } from './introspected-tokens.js';

let now: number;
let questions: string[];
let answer: () => Promise<Introspection>;
let tokens: IntrospectedTokens;

beforeEach(() => {
  now = 1_000_000;
  questions = [];
  answer = () => Promise.resolve({ active: true });
  tokens = new IntrospectedTokens(
    (token) => {
      questions.push(token);
      return answer();
    },
    () => now,
  );
});

it('asks once in five seconds, also for requests at the same time', async () => {
  await Promise.all([tokens.find('a'), tokens.find('a')]);
  now += 4999;
  await tokens.find('a');
  expect(questions).toEqual(['a']);
  now += 1;
  await tokens.find('a');
  expect(questions).toEqual(['a', 'a']);
});

it('keeps no answer longer than the token is valid', async () => {
  answer = () => Promise.resolve({ active: true, exp: 1001 });
  await tokens.find('a');
  now = 1_001_000;
  await tokens.find('a');
  expect(questions).toHaveLength(2);
});

it('keeps no error', async () => {
  answer = () => Promise.reject(new Error('connection refused'));
  await expect(tokens.find('a')).rejects.toThrow('connection refused');
  answer = () => Promise.resolve({ active: true });
  await expect(tokens.find('a')).resolves.toEqual({ active: true });
});

it('keeps a bounded number of answers, the newest', async () => {
  for (let count = 0; count <= 1000; count++) await tokens.find(String(count));
  questions = [];
  await tokens.find('1000');
  await tokens.find('0');
  expect(questions).toEqual(['0']);
});
