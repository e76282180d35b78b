// @ts-check
// Runs node-oidc-provider in place of the provider of this repository: twice, at the root of one port and below /tenant/. Its settings
// are in environment variables: PORT, FRONTEND_URL, BACKEND_URL. It prints a line when it listens.
import { exportJWK, generateKeyPair } from 'jose';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { errors, Provider } from 'oidc-provider';

const { PORT, FRONTEND_URL, BACKEND_URL } = process.env;
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCOUNT_SCOPE = 'openid profile email';

const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(privateKey)), kid: 'key-1', use: 'sig', alg: 'RS256' }] };

/** Returns the claims of a user, whose id is the name that was typed at the sign-in. @param {string} email */
const claimsOf = (email) => ({ sub: email, email, email_verified: true, name: `The user ${email}` });

/**
 * @param {string} issuer
 * @param {'opaque' | 'jwt'} accessTokenFormat
 */
function createProvider(issuer, accessTokenFormat) {
  const provider = new Provider(issuer, {
    jwks,
    cookies: { keys: ['a key for tests'] },
    clients: [
      {
        client_id: 'frontend',
        client_secret: 'frontend-demo-secret',
        redirect_uris: [`${FRONTEND_URL}/callback`],
        post_logout_redirect_uris: [`${FRONTEND_URL}/`],
        grant_types: ['authorization_code', 'refresh_token'],
        backchannel_logout_uri: `${FRONTEND_URL}/backchannel-logout`,
      },
      {
        client_id: 'backend',
        client_secret: 'backend-demo-secret',
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials', TOKEN_EXCHANGE],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => claimsOf(id) }),
    // Without an API of the provider, a resource server may find the account in the token.
    extraTokenClaims: (_ctx, token) => ('accountId' in token ? claimsOf(token.accountId) : undefined),
    features: {
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_ctx, resource) {
          if (resource !== BACKEND_URL) throw new errors.InvalidTarget();
          const scope = 'contacts:read contacts:write';
          return { scope, audience: BACKEND_URL, accessTokenFormat, accessTokenTTL: 600 };
        },
      },
    },
  });
  provider.registerGrantType(TOKEN_EXCHANGE, exchange(provider), [
    'subject_token',
    'subject_token_type',
    'audience',
    'scope',
  ]);
  return provider;
}

/** Returns a handler that exchanges the token of a user for one of the UserInfo endpoint. @param {Provider} provider */
const exchange = (provider) => async (/** @type {import('koa').Context & any} */ ctx) => {
  const { subject_token: value, audience } = ctx.oidc.params;
  if (audience !== 'userinfo') throw new errors.InvalidTarget();
  const subject = await provider.AccessToken.find(value);
  if (!subject?.isValid) throw new errors.InvalidGrant('subject_token is not valid');
  const { client } = ctx.oidc;
  const { accountId } = subject;
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope(ACCOUNT_SCOPE);
  const grantId = await grant.save();
  const token = new provider.AccessToken({ accountId, client, grantId, gty: 'token-exchange', scope: ACCOUNT_SCOPE });
  ctx.body = {
    access_token: await token.save(),
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: token.expiration,
    scope: token.scope,
  };
};

/** The providers, by the path of their issuer. The first one whose path matches answers. */
const providers = [
  { path: '/tenant', provider: createProvider(`http://localhost:${PORT}/tenant/`, 'jwt') },
  { path: '', provider: createProvider(`http://localhost:${PORT}`, 'opaque') },
];

/** The grants of the users, so that a test can end them. @type {Set<string>} */
const grants = new Set();
for (const { provider } of providers) provider.on('grant.saved', ({ jti }) => grants.add(jti));

/** Ends every grant, as an administrator would. */
async function endGrants() {
  for (const { provider } of providers) {
    for (const id of grants) await (await provider.Grant.find(id))?.destroy();
  }
}

createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/end-grants') {
    void text(request)
      .then(endGrants)
      .then(() => response.end());
    return;
  }
  const found = providers.find(({ path }) => request.url?.startsWith(`${path}/`));
  if (!found || request.url?.startsWith('/.well-known/oauth-authorization-server')) {
    response.writeHead(404).end();
    return;
  }
  // The provider derives the path at which it is mounted from the two URLs.
  Object.assign(request, { originalUrl: request.url, url: request.url?.slice(found.path.length) });
  found.provider.callback()(request, response);
}).listen(Number(PORT), 'localhost', () => console.log('listening'));
