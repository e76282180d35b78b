import { isOpenIdScope, type OpenIdScope } from '@trefoil/oauth-protocol';
import type { Permission } from '@trefoil/ui';
import { claimOfPermission } from '../interaction/permissions.js';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';

/** The words for each scope of OpenID Connect. They complete the sentence "The application wants to …". */
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

/** The words for each claim. They complete the sentence "The application wants to see your …". */
const CLAIMS: Record<string, string> = {
  name: 'full name',
  family_name: 'family name',
  given_name: 'first name',
  middle_name: 'middle name',
  nickname: 'nickname',
  preferred_username: 'user name',
  profile: 'profile page',
  picture: 'picture',
  website: 'website',
  gender: 'gender',
  birthdate: 'birthday',
  zoneinfo: 'time zone',
  locale: 'language',
  updated_at: 'profile’s last change',
  email: 'e-mail address',
  email_verified: 'e-mail address’s confirmation',
  address: 'postal address',
  phone_number: 'phone number',
  phone_number_verified: 'phone number’s confirmation',
};

type Servers = readonly Pick<ResourceServer, 'scopes'>[];

/**
 * Returns the words of the consent page for permissions: scopes and single claims (see `permissionsOf`). Access that
 * outlasts the session comes last.
 */
export function describePermissions(permissions: readonly string[], resourceServers: Servers): Permission[] {
  const last = permissions.filter((permission) => permission === 'offline_access');
  const first = permissions.filter((permission) => permission !== 'offline_access');
  return [...first, ...last].map((scope) => ({ scope, ...wordsFor(scope, resourceServers) }));
}

function wordsFor(permission: string, resourceServers: Servers): Omit<Permission, 'scope'> {
  if (isOpenIdScope(permission)) return OPENID_SCOPES[permission];
  const claim = claimOfPermission(permission);
  if (claim !== undefined) return { title: `see your ${CLAIMS[claim] ?? claim}` };
  const known = resourceServers.flatMap(({ scopes }) => scopes);
  return { title: known.find(({ name }) => name === permission)?.description ?? permission };
}
