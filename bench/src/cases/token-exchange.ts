import { signIn } from '../servers/authorization-server.js';
import type { Case } from './case.js';
import { contender, form, limit, repeat } from './requests.js';

/** The backend exchanges a user's token for one of the account API (RFC 8693). The peer has no token exchange. */
export const tokenExchange: Case = {
  name: 'token-exchange',
  title: 'Token exchange',
  goals: {},
  async contenders({ trefoil, limit: bare, database, stack }) {
    const { tokens } = await signIn({
      ...trefoil,
      web: { ...trefoil.web, scope: 'openid contacts:read account:read' },
    });
    const [{ access_token: accessToken }] = tokens;
    const request = form(trefoil.paths.token, trefoil.introspecting, {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: accessToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: `${stack.urls.provider}/api`,
      scope: 'account:read',
    });
    return [
      contender('trefoil', trefoil, { connect: repeat(request) }),
      limit(bare, form('/select', trefoil.web, {}), database),
    ];
  },
};
