import { type AuthorizationServer, signIn } from '../servers/authorization-server.js';
import type { Case, Contender, Role } from './case.js';
import { contender, form, limit, readJson } from './requests.js';

/** The greatest number of connections of a round, each with a grant of its own. */
const GRANTS = 32;

/** A web server refreshes its tokens; each use replaces the refresh token, and the response has an RS256 ID token. */
export const refresh: Case = {
  name: 'refresh',
  title: 'Refresh with rotation, PostgreSQL',
  goals: { ofPeer: 2.5, p99OfPeer: 0.75 },
  async contenders({ trefoil, peerOnPostgres, limit: bare, database }) {
    return [
      refreshing('trefoil', trefoil),
      refreshing('peer', peerOnPostgres),
      limit(bare, form('/update', trefoil.web, { grant_type: 'refresh_token' }), database),
    ];
  },
};

function refreshing(role: Role, server: AuthorizationServer): Contender {
  let tokens: string[] = [];
  return contender(role, server, {
    async prepare() {
      const signedIn = await signIn(server, GRANTS);
      tokens = signedIn.tokens.map(({ refresh_token }) => refresh_token ?? '');
    },
    connect: (connection) => [
      {
        setupRequest: (request) => ({
          ...request,
          ...form(server.paths.token, server.web, {
            grant_type: 'refresh_token',
            refresh_token: tokens[connection] ?? '',
          }),
        }),
        onResponse: (status, body) => {
          if (status === 200) tokens[connection] = readJson(body).refresh_token ?? '';
        },
      },
    ],
  });
}
