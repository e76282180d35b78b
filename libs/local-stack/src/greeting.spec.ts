import type { Pki } from '@trefoil/pki';
import { greeting } from './greeting.js';
import { perApp, workspaceApps } from './apps.js';

const pki = { root: '/pki/root.pem' } as Pki;
const { apps } = workspaceApps();
const urlsWith = (scheme: string) => perApp(apps, ({ port }) => `${scheme}://localhost:${port}`);

describe('greeting', () => {
  it('asks for trust in the development root only where browsers and curl meet its certificates', () => {
    const secure = greeting({ urls: urlsWith('https'), pki }, apps, '.local/logs');
    expect(secure).toContain('export CURL_CA_BUNDLE=/pki/root.pem');
    expect(secure).toContain('npm run pki -- trust');
    expect(greeting({ urls: urlsWith('http'), pki }, apps, '.local/logs')).not.toMatch(/CURL_CA_BUNDLE|pki/);
  });

  it('lists the web app first, because a person opens it', () => {
    const names = [...greeting({ urls: urlsWith('http'), pki }, apps, '').matchAll(/^ {2}(\w+) +http/gm)];
    expect(names.map(([, name]) => name)).toEqual(['frontend', 'provider', 'backend']);
  });
});
