import type { ScopeTable } from '@trefoil/dto';

/** The scopes of the payments API. A client that may charge may not refund unless it is registered for both. */
export const paymentScopes = {
  charge: { name: 'charges:create', description: 'charge customers', grantedTo: ['machines'] },
  refund: { name: 'refunds:create', description: 'refund charges', grantedTo: ['machines'] },
  read: { name: 'charges:read', description: 'see your charges', grantedTo: ['users', 'machines'] },
} as const satisfies ScopeTable;
