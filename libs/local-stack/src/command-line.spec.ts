import { parseCommandLine } from './command-line.js';
import { workspaceApps } from './apps.js';
import { portsFrom } from './ports/ports.js';

const { apps } = workspaceApps();
const names = ['provider', 'backend', 'frontend'];

describe('parseCommandLine', () => {
  it('starts every app and keeps the data by default', () => {
    expect(parseCommandLine([], names)).toEqual({
      reset: false,
      https: false,
      only: ['provider', 'backend', 'frontend'],
    });
  });

  it('accepts the apps to start in any order', () => {
    expect(parseCommandLine(['--reset', '--https', '--only', 'backend, provider'], names)).toEqual({
      reset: true,
      https: true,
      only: ['provider', 'backend'],
    });
  });

  it.each([
    [['--only', 'provider,mailer'], 'No app has the name "mailer"'],
    [['--rest'], "Unknown option '--rest'"],
    [['provider'], "Unexpected argument 'provider'"],
  ])('refuses %j and shows the usage', (args, reason) => {
    expect(() => parseCommandLine(args, names)).toThrow(reason);
    expect(() => parseCommandLine(args, names)).toThrow('Usage: npm start');
  });
});

describe('portsFrom', () => {
  it('returns the default port of an app whose variable is not set', () => {
    expect(portsFrom({ BACKEND_PORT: '4002', FRONTEND_PORT: '' }, apps)).toEqual({
      provider: 3001,
      backend: 4002,
      frontend: 3000,
    });
  });

  it.each(['80a', '0', '65536', '-1', '1.5'])('refuses %j', (text) => {
    expect(() => portsFrom({ PROVIDER_PORT: text }, apps)).toThrow(`PROVIDER_PORT is "${text}". It must be a port`);
  });

  it('refuses the same port for two apps', () => {
    expect(() => portsFrom({ PROVIDER_PORT: '3000' }, apps)).toThrow('Two apps have the same port');
  });
});
