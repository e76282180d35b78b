import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { Pool } from 'pg';
import { adapterSchema, postgresAdapter } from './postgres-adapter.js';

const { PORT = '', REDIRECT_URI = '', DATABASE_URL } = process.env;
const ISSUER = `http://localhost:${PORT}`;
const API = 'http://localhost/api';
const SCOPES = 'contacts:read contacts:export';

const pool = DATABASE_URL === undefined ? undefined : new Pool({ connectionString: DATABASE_URL, max: 10 });
// Without a listener, the end of the database would be an unhandled error.
pool?.on('error', () => undefined);
await pool?.query(adapterSchema);

/** Returns a private signing key as a JWK. */
async function privateJwk(alg: 'ES256' | 'RS256') {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, use: 'sig' };
}

const provider = new Provider(ISSUER, {
  ...(pool && { adapter: postgresAdapter(pool) }),
  clients: [
    {
      client_id: 'web',
      client_secret: 'web-secret',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [REDIRECT_URI],
    },
    {
      client_id: 'machine',
      client_secret: 'machine-secret',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  jwks: { keys: [await privateJwk('ES256'), await privateJwk('RS256')] },
  cookies: { keys: ['bench'] },
  scopes: ['openid', 'offline_access'],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  ttl: { AccessToken: 600, ClientCredentials: 600 },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => API,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: SCOPES,
        audience: API,
        accessTokenTTL: 600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});

/** Signs in one user and consents, without pages, so that later requests find a session and a consent. */
provider.use(async (context, next) => {
  if (!context.path.startsWith('/interaction/')) return next();
  const { params, session } = await provider.interactionDetails(context.req, context.res);
  const accountId = session?.accountId ?? 'alice';
  const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(API, SCOPES);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(context.req, context.res, { login: { accountId }, consent });
});

provider.listen(Number(PORT), 'localhost');
process.stdin.resume().once('end', () => process.exit());
