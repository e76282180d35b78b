import type { Case } from './case.js';
import { contender, limit, repeat } from './requests.js';

/** The cost of a request that does nothing: what every route pays for headers, hooks, metrics and the log. */
export const liveness: Case = {
  name: 'liveness',
  title: '`/health/live`, the cost of every request',
  goals: { ofLimit: 0.7 },
  async contenders({ trefoil, limit: bare }) {
    return [
      contender('trefoil', trefoil, { connect: repeat({ path: '/health/live' }) }),
      limit(bare, { path: '/live' }),
    ];
  },
};
