import { isOpenIdScope, type OpenIdScope } from '@trefoil/oauth-protocol';
import type { Permission } from '@trefoil/ui';
import type { ResourceServer } from '../../model/resource-servers/resource-server.entity.js';

/** Each completes "The application wants to …". */
const OPENID_SCOPES: Record<OpenIdScope, Omit<Permission, 'scope'>> = {
  openid: { title: 'know that it is you', detail: 'It recognises you when you come back.' },
  profile: {
    title: 'see your profile',
    detail: 'Your name, picture, birthday and the like, as far as you have given them.',
  },
  email: { title: 'see your e-mail address' },
  address: { title: 'see your postal address' },
  phone: { title: 'see your phone number' },
  offline_access: {
    title: 'keep this access while you are away',
    detail: 'It goes on after you have signed out here.',
  },
};

type Servers = readonly Pick<ResourceServer, 'scopes'>[];

/** Scopes in the words of the consent page; what outlasts the visit comes last. */
export function describeScopes(scopes: readonly string[], resourceServers: Servers): Permission[] {
  const last = scopes.filter((scope) => scope === 'offline_access');
  const first = scopes.filter((scope) => scope !== 'offline_access');
  return [...first, ...last].map((scope) => ({
    scope,
    ...(isOpenIdScope(scope) ? OPENID_SCOPES[scope] : { title: descriptionOf(scope, resourceServers) }),
  }));
}

function descriptionOf(scope: string, resourceServers: Servers): string {
  const known = resourceServers.flatMap(({ scopes }) => scopes);
  return known.find(({ name }) => name === scope)?.description ?? scope;
}
