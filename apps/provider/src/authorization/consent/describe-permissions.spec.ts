import { CLAIMS_OF_SCOPE } from '@trefoil/oauth-protocol';
import { demoResourceServers } from '../../demo/demo-data.js';
import { DEMO } from '../../testing/demo.js';
import { describePermissions } from './describe-permissions.js';

const servers = demoResourceServers({ issuer: 'https://id.example', ...DEMO });

describe('describePermissions', () => {
  it('has words for every scope of OpenID Connect', () => {
    for (const { scope, title } of describePermissions(Object.keys(CLAIMS_OF_SCOPE), [])) expect(title).not.toBe(scope);
  });

  it('uses the words of the resource server for its scopes', () => {
    expect(describePermissions(['contacts:read'], servers)).toEqual([
      { scope: 'contacts:read', title: 'see your contacts' },
    ]);
  });

  it('has words for every claim that can be requested alone (OpenID Connect Core §5.5)', () => {
    const claims = Object.values(CLAIMS_OF_SCOPE)
      .flat()
      .filter((claim) => claim !== 'sub');
    for (const { title } of describePermissions(
      claims.map((claim) => `claim ${claim}`),
      [],
    )) {
      expect(title).toMatch(/^see your [^_]+$/);
    }
  });

  it('puts access that outlasts the session last', () => {
    const described = describePermissions(['openid', 'offline_access', 'contacts:read'], servers);
    expect(described.map(({ scope }) => scope)).toEqual(['openid', 'contacts:read', 'offline_access']);
  });
});
