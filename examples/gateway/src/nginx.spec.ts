import { readdirSync, readFileSync } from 'node:fs';
import { fillIn } from './nginx.js';

const folder = new URL('..', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

it('fills settings in, keeps the variables of nginx, and refuses a missing setting', () => {
  expect(fillIn('listen ${PORT}; return $host;', { PORT: '8443' })).toBe('listen 8443; return $host;');
  expect(() => fillIn('listen ${PORT};', {})).toThrow('PORT');
});

it('every location that proxies is named here, so that a new one is a decision', () => {
  const open = read('nginx.conf').matchAll(/location ([^{]+?) *\{[^}]*proxy_pass/g);
  expect([...open].map(([, path]) => path)).toEqual([
    '= /token',
    '= /revoke',
    '= /introspect',
    '= /jwks',
    '= /.well-known/oauth-authorization-server',
    '= /.well-known/oauth-protected-resource',
    '^~ /v1/exports/',
    '^~ /reports/',
    '= /check/backend',
    '^~ /invoices/',
    '= /check/introspection',
  ]);
});

it('no location loses the lines that replace forwarded headers', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.conf') && name !== 'forwarded.conf');
  const setting = files.filter((name) => read(name).includes('proxy_set_header'));
  expect(setting.sort()).toEqual(['check.conf', 'protected.conf']);
  for (const name of setting) expect(read(name)).toContain('include forwarded.conf;');
});
