import { parseCommandLine } from './command-line.js';
import { portsFrom } from './ports.js';

describe('parseCommandLine', () => {
  it('runs everything, and keeps what is there, unless told otherwise', () => {
    expect(parseCommandLine([])).toEqual({ reset: false, only: ['provider', 'backend', 'frontend'] });
  });

  it('takes the apps to run in any order', () => {
    expect(parseCommandLine(['--reset', '--only', 'backend, provider'])).toEqual({
      reset: true,
      only: ['provider', 'backend'],
    });
  });

  it.each([
    [['--only', 'provider,mailer'], 'There is no app named "mailer"'],
    [['--rest'], "Unknown option '--rest'"],
    [['provider'], "Unexpected argument 'provider'"],
  ])('refuses %j, and shows how it is written', (args, reason) => {
    expect(() => parseCommandLine(args)).toThrow(reason);
    expect(() => parseCommandLine(args)).toThrow('Usage: npm start');
  });
});

describe('portsFrom', () => {
  it('takes the usual ports where no variable names another', () => {
    expect(portsFrom({ BACKEND_PORT: '4002', FRONTEND_PORT: '' })).toEqual({
      provider: 3001,
      backend: 4002,
      frontend: 3000,
    });
  });

  it.each(['80a', '0', '65536', '-1', '1.5'])('refuses %j', (text) => {
    expect(() => portsFrom({ PROVIDER_PORT: text })).toThrow(`PROVIDER_PORT is "${text}", and must be a port`);
  });

  it('refuses one port for two apps', () => {
    expect(() => portsFrom({ PROVIDER_PORT: '3000' })).toThrow('a port of its own');
  });
});
