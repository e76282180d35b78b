import { signIn } from '../servers/authorization-server.js';
import type { Case } from './case.js';
import { limit, repeat } from './requests.js';

/** A resource server verifies one access token that comes again and again. */
export const guardedRoute: Case = {
  name: 'guarded-route',
  title: 'Guarded route at the backend, one token',
  goals: {},
  async contenders({ trefoil, limit: bare, database, stack, pidOf }) {
    const { tokens } = await signIn(trefoil);
    const [{ access_token: accessToken }] = tokens;
    const { access_token } = (await (await fetch(`${bare.url}/token`)).json()) as { access_token: string };
    const get = (path: string, token: string) => ({ path, headers: { authorization: `Bearer ${token}` } });
    const backend = (role: 'trefoil' | 'reference', name: string, path: string) => ({
      role,
      name,
      processes: { server: [pidOf('backend')], database },
      load: { url: stack.urls.backend, connect: repeat(get(path, accessToken)) },
    });
    return [
      backend('trefoil', 'Trefoil', '/v1/contacts?limit=1'),
      backend('reference', 'Trefoil, liveness', '/health/live'),
      limit(bare, get('/verify', access_token)),
    ];
  },
};
