import { trefoil } from '../testing/command-line.js';

const COMMANDS = [
  'setup',
  'client create',
  'client list',
  'client update',
  'client disable',
  'client enable',
  'client delete',
  'secret rotate',
  'secret list',
  'key rotate',
  'key list',
  'key retire',
  'key encryption',
  'user create',
  'user list',
  'user update',
  'user set-password',
  'user set-admin',
  'user unset-admin',
  'user disable',
  'user enable',
  'user delete',
  'resource-server create',
  'resource-server list',
  'resource-server update',
  'resource-server delete',
  'registration-token create',
  'registration-token list',
  'registration-token revoke',
  'revoke',
  'events tail',
];

it.each(['', ...COMMANDS])('trefoil %s --help', async (command) => {
  const { exitCode, out } = await trefoil({}, [...command.split(' ').filter(Boolean), '--help']);
  expect(exitCode).toBe(0);
  expect(out).toMatchSnapshot();
});

it('the list of this test contains every command', async () => {
  const subjects = ['client', 'secret', 'key', 'user', 'resource-server', 'registration-token', 'events'];
  const pages = await Promise.all(subjects.map((subject) => trefoil({}, [subject, '--help'])));
  const names = pages.flatMap(({ out }, at) =>
    [...out.matchAll(/^ {2}([\w-]+) \[options\]/gm)].map(([, name]) => `${subjects[at]} ${name}`),
  );
  expect(names).toEqual(COMMANDS.filter((command) => command.includes(' ')));
});

describe('wrong usage exits with code 2 and names the wrong argument', () => {
  it.each([
    ['', 'Usage: trefoil'],
    ['client', 'Usage: trefoil client'],
    ['cleint list', "unknown command 'cleint'"],
    ['client list --jsno', "unknown option '--jsno'"],
    ['client disable', "missing required argument 'client'"],
    ['client create --name X --profile fapi3', "option '--profile <profile>' argument 'fapi3' is invalid"],
    ['key rotate --algorithm HS256', "option '--algorithm <algorithm>' argument 'HS256' is invalid"],
    ['secret rotate shop --overlap soon', "option '--overlap <time>' argument 'soon' is invalid"],
    ['events tail --lines 0', "option '--lines <count>' argument '0' is invalid"],
    ['revoke', 'give exactly one of --user, --client, --session, --grant, --token'],
    ['revoke --user a@example.com --client b', 'give exactly one of --user, --client, --session, --grant, --token'],
    ['user create alice', '"alice" is not an e-mail address'],
    ['user create a@example.com --password-stdin --generate-password', 'exclude each other'],
  ])('trefoil %s', async (line, words) => {
    const { exitCode, out, notes } = await trefoil({}, line.split(' ').filter(Boolean));
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(notes).toContain(words);
  });
});

it('names the environment variables that are missing, in JSON with --json', async () => {
  const { exitCode, notes } = await trefoil({ ISSUER: 'http://localhost:3001' }, ['key', 'list', '--json']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(notes)).toEqual({ error: 'failed', message: expect.stringContaining('DATABASE_URL is missing') });
});
