import type { AuthorizationServer } from '../servers/authorization-server.js';
import type { Case, Role } from './case.js';
import { contender, form, limit, repeat } from './requests.js';

/** A machine requests an access token: an ES256 JWT (RFC 6749 §4.4). */
export const clientCredentials: Case = {
  name: 'client-credentials',
  title: 'Client credentials, ES256 JWT',
  goals: { ofPeer: 2.5, ofLimit: 0.7 },
  async contenders({ trefoil, peerInMemory, limit: bare }) {
    const of = (role: Role, server: AuthorizationServer) => {
      const parameters = { grant_type: 'client_credentials', scope: server.machine.scope };
      return contender(role, server, { connect: repeat(form(server.paths.token, server.machine, parameters)) });
    };
    return [
      of('trefoil', trefoil),
      of('peer', peerInMemory),
      limit(bare, form('/sign', trefoil.machine, { grant_type: 'client_credentials', scope: 'contacts:export' })),
    ];
  },
};
