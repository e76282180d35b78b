import { type AuthorizationServer, signIn } from '../servers/authorization-server.js';
import type { Case, Contender, Role } from './case.js';
import { contender, form, limit, repeat } from './requests.js';

/** The tokens that are introspected in turn. */
const TOKENS = 64;

/** A resource server asks about opaque tokens of users: refresh tokens, which both servers store in PostgreSQL. */
export const introspectOpaque: Case = {
  name: 'introspect-opaque',
  title: 'Introspection of refresh tokens, PostgreSQL',
  goals: { ofPeer: 2.5 },
  async contenders({ trefoil, peerOnPostgres, limit: bare, database }) {
    return [
      await introspecting('trefoil', trefoil, 'refresh_token'),
      await introspecting('peer', peerOnPostgres, 'refresh_token'),
      limit(bare, form('/select', trefoil.web, {}), database),
    ];
  },
};

/** A resource server asks about JWT access tokens. The peer does not introspect JWTs, so it has no column. */
export const introspectJwt: Case = {
  name: 'introspect-jwt',
  title: 'Introspection of JWT access tokens',
  goals: {},
  async contenders({ trefoil, limit: bare, database }) {
    return [
      await introspecting('trefoil', trefoil, 'access_token'),
      limit(bare, form('/select', trefoil.web, {}), database),
    ];
  },
};

async function introspecting(
  role: Role,
  server: AuthorizationServer,
  kind: 'access_token' | 'refresh_token',
): Promise<Contender> {
  const { tokens } = await signIn(server, TOKENS);
  // A refresh token is introspected by the client that holds it, an access token by a resource server.
  const client = kind === 'refresh_token' ? server.web : server.introspecting;
  return contender(role, server, {
    connect: (connection) =>
      repeat(
        form(server.paths.introspect, client, {
          token: tokens[connection % TOKENS]?.[kind] ?? '',
          token_type_hint: kind,
        }),
      )(),
  });
}
