import { accountScopes, contactScopes, scopeNames, scopesOf } from '@trefoil/dto';
import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import type { Client } from '../clients/client.entity.js';
import type { InitialAccessToken } from '../clients/registration/initial-access-token.entity.js';
import type { ResourceServer } from '../resource-servers/resource-server.entity.js';
import type { User } from '../users/user.entity.js';

/** The URLs of the demo's servers. */
export interface DemoUrls {
  readonly issuer: string;
  readonly frontend: string;
  readonly backend: string;
}

type DemoUser = Pick<User, 'id' | 'email' | 'administrator' | 'claims'> & { password: string };
type DemoClient = Omit<Client, 'secrets' | 'tokenGeneration' | 'disabledAt' | 'createdAt' | 'updatedAt'> & {
  secret?: string;
};

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

const OPENID = ['openid', 'profile', 'email', 'address', 'phone'];
const ACCOUNT = [accountScopes.read.name, accountScopes.write.name];
const CONTACTS = scopeNames(scopesOf(contactScopes, 'users'));

const CODE_AND_REFRESH = [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken];

/** The default of every optional member of the client metadata. */
export const blankClient = {
  clientUri: null,
  securityProfile: 'oauth2.1',
  redirectUris: [],
  postLogoutRedirectUris: [],
  scopes: [],
  tokenExchangeResources: [],
  idTokenSignedResponseAlg: null,
  applicationType: 'web',
  contacts: [],
  logoUri: null,
  policyUri: null,
  tosUri: null,
  jwks: null,
  jwksUri: null,
  subjectType: 'public',
  sectorIdentifierUri: null,
  tokenEndpointAuthSigningAlg: null,
  requestObjectSigningAlg: null,
  userinfoSignedResponseAlg: null,
  authorizationSignedResponseAlg: null,
  introspectionSignedResponseAlg: null,
  requirePushedAuthorizationRequests: false,
  requireSignedRequestObject: false,
  responseModes: null,
  dpopBoundAccessTokens: false,
  tlsClientCertificateBoundAccessTokens: false,
  tlsClientAuthSubjectDn: null,
  tlsClientAuthSanDns: null,
  tlsClientAuthSanUri: null,
  tlsClientAuthSanIp: null,
  tlsClientAuthSanEmail: null,
  defaultMaxAge: null,
  requireAuthTime: false,
  defaultAcrValues: [],
  initiateLoginUri: null,
  backchannelLogoutUri: null,
  backchannelLogoutSessionRequired: false,
  softwareId: null,
  softwareVersion: null,
  registrationTokenHash: null,
  initialAccessTokenId: null,
} satisfies Partial<DemoClient>;

/** Returns the clients of the demo. */
export const demoClients = ({ issuer, frontend, backend }: DemoUrls): readonly DemoClient[] => [
  {
    ...blankClient,
    clientId: 'frontend',
    clientName: 'Trefoil Contacts',
    description: 'The web server that people use',
    clientUri: frontend,
    secret: 'frontend-demo-secret',
    tokenEndpointAuthMethod: 'client_secret_basic',
    grantTypes: CODE_AND_REFRESH,
    redirectUris: [`${frontend}/callback`],
    postLogoutRedirectUris: [`${frontend}/`],
    initiateLoginUri: `${frontend}/login`,
    backchannelLogoutUri: `${frontend}/backchannel-logout`,
    backchannelLogoutSessionRequired: true,
    scopes: [...OPENID, 'offline_access', ...ACCOUNT, ...CONTACTS],
  },
  {
    ...blankClient,
    clientId: 'backend',
    clientName: 'Trefoil Backend',
    description: 'The contacts API, which looks up its users at the provider',
    clientUri: backend,
    secret: 'backend-demo-secret',
    tokenEndpointAuthMethod: 'client_secret_basic',
    grantTypes: [GRANT_TYPE.clientCredentials, GRANT_TYPE.tokenExchange],
    scopes: scopeNames([
      accountScopes.read,
      accountScopes.directory,
      accountScopes.manageStreams,
      accountScopes.readStreams,
    ]),
    tokenExchangeResources: [`${issuer}/api`],
  },
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
    scopes: [...OPENID, 'offline_access', ...ACCOUNT],
  },
  {
    ...blankClient,
    clientId: 'api-docs',
    clientName: 'API documentation',
    description: 'The login buttons of the two documentation pages',
    tokenEndpointAuthMethod: 'none',
    grantTypes: [GRANT_TYPE.authorizationCode],
    redirectUris: [`${issuer}/docs/oauth2-redirect.html`, `${backend}/docs/oauth2-redirect.html`],
    scopes: [...OPENID, ...ACCOUNT, ...CONTACTS],
  },
];

/** The initial access token of the demo. Clients registered with it get the profile `oidc` by default. Production refuses it. */
export const demoInitialAccessToken: Omit<InitialAccessToken, 'tokenHash' | 'createdAt'> & { token: string } = {
  id: '1a7e0000-0000-4000-8000-000000000001',
  token: 'demo-initial-access-token',
  description: 'Registers clients of the demo',
  defaultProfile: 'oidc',
  allowedProfiles: ['oauth2.1', 'oidc', 'fapi2'],
  refusedInProduction: true,
  expiresAt: null,
};

/** Returns the resource servers of the demo: the provider's own API and the backend. */
export const demoResourceServers = ({ issuer, backend }: DemoUrls): Omit<ResourceServer, 'createdAt'>[] => [
  {
    identifier: `${issuer}/api`,
    name: 'Your account',
    clientId: null,
    userClients: null,
    accessTokenLifetime: 600,
    scopes: scopesOf(accountScopes),
  },
  {
    identifier: backend,
    name: 'Contacts',
    clientId: 'backend',
    userClients: ['frontend', 'api-docs'],
    accessTokenLifetime: 600,
    scopes: scopesOf(contactScopes),
  },
];
