import { accountScopes, contactScopes, scopeNames, scopesOf } from '@trefoil/dto';
import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import type { ClientContent } from '../clients/client-registrations.js';
import type { ExpectedSubject } from '../clients/keys/certificate-subject.js';
import type { ResourceServer } from '../resource-servers/resource-server.entity.js';

/** The URLs of the servers of an installation. The issuer is the URL of the provider. */
export interface ServerUrls {
  readonly issuer: string;
  readonly frontend: string;
  readonly backend: string;
}

/** The columns of a resource server that its registration sets. */
export type ResourceServerRow = Omit<ResourceServer, 'createdAt'>;

export const OPENID_SCOPES = ['openid', 'profile', 'email', 'address', 'phone'];
export const ACCOUNT_SCOPES = [accountScopes.read.name, accountScopes.write.name];
export const CONTACTS_SCOPES = scopeNames(scopesOf(contactScopes, 'users'));
export const CODE_AND_REFRESH = [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken];

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
} satisfies Partial<ClientContent>;

/** The columns of a client that say how it authenticates. */
export type AuthenticationColumns = Pick<ClientContent, 'tokenEndpointAuthMethod'> & Partial<ClientContent>;

export const BY_SECRET: AuthenticationColumns = { tokenEndpointAuthMethod: 'client_secret_basic' };

/**
 * Returns the columns of a client that authenticates with a certificate, to which its access tokens are bound, so that others
 * cannot use them (RFC 8705 §2.1, §3).
 */
export const byCertificate = (subject: Partial<ExpectedSubject>): AuthenticationColumns => ({
  tokenEndpointAuthMethod: 'tls_client_auth',
  tlsClientCertificateBoundAccessTokens: true,
  ...subject,
});

/** Returns the registration of the frontend: users sign in at it, and it calls the backend for them. */
export const frontendClient = ({ frontend }: ServerUrls, authentication = BY_SECRET): ClientContent => ({
  ...blankClient,
  ...authentication,
  clientId: 'frontend',
  clientName: 'Trefoil Contacts',
  description: 'The web server that people use',
  clientUri: frontend,
  grantTypes: CODE_AND_REFRESH,
  redirectUris: [`${frontend}/callback`],
  postLogoutRedirectUris: [`${frontend}/`],
  initiateLoginUri: `${frontend}/login`,
  backchannelLogoutUri: `${frontend}/backchannel-logout`,
  backchannelLogoutSessionRequired: true,
  scopes: [...OPENID_SCOPES, 'offline_access', ...ACCOUNT_SCOPES, ...CONTACTS_SCOPES],
});

/** Returns the registration of the backend as a client: it exchanges tokens for the account API and receives revocations. */
export const backendClient = ({ issuer, backend }: ServerUrls, authentication = BY_SECRET): ClientContent => ({
  ...blankClient,
  ...authentication,
  clientId: 'backend',
  clientName: 'Trefoil Backend',
  description: 'The contacts API, which looks up its users at the provider',
  clientUri: backend,
  grantTypes: [GRANT_TYPE.clientCredentials, GRANT_TYPE.tokenExchange],
  scopes: scopeNames([
    accountScopes.read,
    accountScopes.directory,
    accountScopes.manageStreams,
    accountScopes.readStreams,
  ]),
  tokenExchangeResources: [`${issuer}/api`],
});

/** Returns the registration of the provider's own API as a resource server. No user can sign in without it. */
export const accountApi = ({ issuer }: Pick<ServerUrls, 'issuer'>): ResourceServerRow => ({
  identifier: `${issuer}/api`,
  name: 'Your account',
  clientId: null,
  userClients: null,
  accessTokenLifetime: 600,
  scopes: scopesOf(accountScopes),
});

/** Returns the registration of the backend as a resource server, which accepts the tokens of the frontend's users. */
export const contactsApi = ({ backend }: ServerUrls): ResourceServerRow => ({
  identifier: backend,
  name: 'Contacts',
  clientId: 'backend',
  userClients: ['frontend'],
  accessTokenLifetime: 600,
  scopes: scopesOf(contactScopes),
});
