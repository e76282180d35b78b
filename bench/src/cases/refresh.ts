import { type AuthorizationServer, signIn } from '../servers/authorization-server.js';
import type { Case, Contender, Role } from './case.js';
import { contender, form, limit, readJson } from './requests.js';

/** The greatest number of connections of a round, each with a grant of its own. */
const GRANTS = 64;

/** A web server refreshes its tokens; each use replaces the refresh token, and the response has an RS256 ID token. */
export const refresh: Case = {
  name: 'refresh',
  title: 'Refresh with rotation, PostgreSQL',
  goals: { ofPeer: 2.5, p99OfPeer: 0.75 },
  async contenders({ trefoil, peerOnPostgres, limit: bare, database }) {
    return [
      await refreshing('trefoil', trefoil),
      await refreshing('peer', peerOnPostgres),
      limit(bare, form('/update', trefoil.web, { grant_type: 'refresh_token' }), database),
    ];
  },
};

async function refreshing(role: Role, server: AuthorizationServer): Promise<Contender> {
  const signedIn = await signIn(server, GRANTS);
  const tokens = signedIn.tokens.map(({ refresh_token }) => refresh_token ?? '');
  return contender(role, server, {
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
          tokens[connection] = readJson(status, body).refresh_token ?? '';
        },
      },
    ],
  });
}
