import { createHash, randomBytes } from 'node:crypto';
import { type AuthorizationServer, signIn } from '../servers/authorization-server.js';
import type { Case, Contender, Role } from './case.js';
import { contender, form, limit } from './requests.js';

/** A user who has a session and has consented signs in at a web server: authorization request, code, tokens. */
export const signingIn: Case = {
  name: 'sign-in',
  title: 'Authorize, code, tokens, PostgreSQL',
  goals: { ofPeer: 2.5 },
  async contenders({ trefoil, peerOnPostgres, limit: bare, database }) {
    return [
      await authorizing('trefoil', trefoil),
      await authorizing('peer', peerOnPostgres),
      limit(bare, form('/update', trefoil.web, { grant_type: 'authorization_code' }), database),
    ];
  },
};

async function authorizing(role: Role, server: AuthorizationServer): Promise<Contender> {
  const { cookie } = await signIn(server);
  const { web, paths } = server;
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: web.clientId,
    response_type: 'code',
    redirect_uri: web.redirectUri,
    scope: web.scope,
    state: 'state',
    nonce: 'nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return contender(role, server, {
    requestsPerUnit: 2,
    connect: () => {
      let code = '';
      return [
        {
          method: 'GET',
          path: `${paths.authorize}?${query.toString()}`,
          headers: { cookie },
          onResponse: (_status, _body, _context, headers) => {
            const location =
              (headers as Record<string, string>)?.Location ?? (headers as Record<string, string>)?.location;
            code = new URL(location ?? '', server.url).searchParams.get('code') ?? '';
          },
        },
        {
          setupRequest: (request) => ({
            ...request,
            ...form(paths.token, web, {
              grant_type: 'authorization_code',
              redirect_uri: web.redirectUri,
              code_verifier: verifier,
              code,
            }),
          }),
        },
      ];
    },
  });
}
