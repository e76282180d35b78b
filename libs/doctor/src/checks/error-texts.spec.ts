import { findingsOf } from '../check.js';
import { answer, observations } from '../testing/observations.js';
import { errorTexts } from './error-texts.js';

const judge = (body: string) => {
  const visits = [answer({ url: 'https://auth.example.com/token' }, { status: 500, body })];
  return findingsOf(errorTexts, errorTexts.judge(observations({ visits }))).length;
};

it.each([
  ['Node', 'Error: no\n    at Object.grant (/srv/token.js:10:3)\n'],
  ['Python', 'Traceback (most recent call last):\n  File "app.py"'],
  ['Java', 'java.lang.Error at org.example.Token.grant(Token.java:10)'],
  ['.NET', 'at Example.Token() in /src/Token.cs:line 10'],
  ['PHP', 'Stack trace: #0 /srv/token.php(10)'],
  ['Ruby', "/srv/token.rb:10:in `grant'"],
  ['Go', 'goroutine 1 [running]:'],
  ['PostgreSQL', 'ERROR: syntax error at or near "WHERE"'],
])('finds the trace of a program in %s', (_language, body) => {
  expect(judge(body)).toBe(1);
});

it.each(['{"error":"invalid_client"}', '<p>Try again at 10:30 (see the log).</p>', 'The scope is at most 200 long.'])(
  'accepts %s',
  (body) => {
    expect(judge(body)).toBe(0);
  },
);
