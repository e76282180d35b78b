import { contactScopes } from '@trefoil/dto';
import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import type { ClientContent } from '../clients/client-registrations.js';
import type { InitialAccessToken } from '../clients/registration/initial-access-token.entity.js';
import {
  accountApi,
  ACCOUNT_SCOPES,
  backendClient,
  blankClient,
  byCertificate,
  CODE_AND_REFRESH,
  CONTACTS_SCOPES,
  contactsApi,
  frontendClient,
  OPENID_SCOPES,
  type ResourceServerRow,
  type ServerUrls,
} from '../setup/registrations.js';
import type { User } from '../users/user.entity.js';

type DemoUser = Pick<User, 'id' | 'email' | 'administrator' | 'claims'> & { password: string };
/** A client of the demo, with its secret if it has one. */
export type DemoClient = ClientContent & { secret?: string };

/** The users of the demo. Alice has every standard claim (OpenID Connect Core §5.1). */
export const demoUsers: readonly DemoUser[] = [
  {
    id: 'a11ce000-0000-4000-8000-000000000001',
    email: 'alice@example.com',
    password: 'alice-demo-password',
    administrator: false,
    claims: {
      name: 'Alice Marie Appleton',
      given_name: 'Alice',
      middle_name: 'Marie',
      family_name: 'Appleton',
      nickname: 'Ali',
      preferred_username: 'alice',
      profile: 'https://example.com/people/alice',
      picture: 'https://example.com/people/alice/picture.jpg',
      website: 'https://alice.example.com',
      gender: 'female',
      birthdate: '1985-04-12',
      zoneinfo: 'Europe/Berlin',
      locale: 'en-GB',
      phone_number: '+49 30 5550 1001',
      phone_number_verified: true,
      address: {
        formatted: 'Lindenallee 3\n10115 Berlin\nGermany',
        street_address: 'Lindenallee 3',
        locality: 'Berlin',
        region: 'Berlin',
        postal_code: '10115',
        country: 'Germany',
      },
    },
  },
  {
    id: 'b0b00000-0000-4000-8000-000000000002',
    email: 'bob@example.com',
    password: 'bob-demo-password',
    administrator: false,
    claims: { name: 'Bob Baker', given_name: 'Bob', family_name: 'Baker', preferred_username: 'bob' },
  },
  {
    id: 'ad000000-0000-4000-8000-000000000003',
    email: 'admin@example.com',
    password: 'admin-demo-password',
    administrator: true,
    claims: { name: 'Ada Min', given_name: 'Ada', family_name: 'Min', preferred_username: 'admin' },
  },
];

/**
 * Returns the clients of the demo.
 *
 * @param certificates whether the provider gets client certificates. Then the frontend and the backend have no secrets.
 */
export const demoClients = (urls: ServerUrls, certificates = false): readonly DemoClient[] => [
  certificates
    ? frontendClient(urls, byCertificate({ tlsClientAuthSanDns: 'frontend' }))
    : { ...frontendClient(urls), secret: 'frontend-demo-secret' },
  certificates
    ? backendClient(urls, byCertificate({ tlsClientAuthSanDns: 'backend' }))
    : { ...backendClient(urls), secret: 'backend-demo-secret' },
  {
    ...blankClient,
    clientId: 'marketing-sync',
    clientName: 'Marketing Sync',
    description: 'A marketing system that exports the contacts every night',
    secret: 'marketing-sync-demo-secret',
    tokenEndpointAuthMethod: 'client_secret_basic',
    grantTypes: [GRANT_TYPE.clientCredentials],
    scopes: [contactScopes.export.name],
  },
  {
    ...blankClient,
    clientId: 'demo-cli',
    applicationType: 'native',
    clientName: 'Demo CLI',
    description: 'A command line tool on the computer of a person',
    tokenEndpointAuthMethod: 'none',
    grantTypes: [...CODE_AND_REFRESH, GRANT_TYPE.deviceCode],
    redirectUris: ['http://127.0.0.1/callback'],
    scopes: [...OPENID_SCOPES, 'offline_access', ...ACCOUNT_SCOPES],
  },
  {
    ...blankClient,
    clientId: 'api-docs',
    clientName: 'API documentation',
    description: 'The login buttons of the two documentation pages',
    tokenEndpointAuthMethod: 'none',
    grantTypes: [GRANT_TYPE.authorizationCode],
    redirectUris: [`${urls.issuer}/docs/oauth2-redirect.html`, `${urls.backend}/docs/oauth2-redirect.html`],
    scopes: [...OPENID_SCOPES, ...ACCOUNT_SCOPES, ...CONTACTS_SCOPES],
  },
];

/** The initial access token of the demo. Clients registered with it get the profile `oidc` by default. Production refuses it. */
export const demoInitialAccessToken: Omit<InitialAccessToken, 'tokenHash' | 'revokedAt' | 'createdAt'> & {
  token: string;
} = {
  id: '1a7e0000-0000-4000-8000-000000000001',
  token: 'demo-initial-access-token',
  description: 'Registers clients of the demo',
  defaultProfile: 'oidc',
  allowedProfiles: ['oauth2.1', 'oidc', 'fapi2'],
  refusedInProduction: true,
  expiresAt: null,
};

/** Returns the resource servers of the demo: the provider's own API, and the backend, which its documentation may call too. */
export const demoResourceServers = (urls: ServerUrls): ResourceServerRow[] => [
  accountApi(urls),
  { ...contactsApi(urls), userClients: ['frontend', 'api-docs'] },
];
