import { CreateSharedTables1795305500000, type ResourceServer } from '@trefoil/resource-server';
import { CreateCharges1795730400000 } from './charges/create-charges.js';
import { paymentScopes } from './payment-scopes.js';

/** Describes the payments API, a resource server. */
export const payments: ResourceServer = {
  name: 'payments',
  resourceName: 'Payments',
  title: 'Payments',
  description: 'Charges that never run twice, and refunds.',
  scopes: paymentScopes,
  migrations: [CreateSharedTables1795305500000, CreateCharges1795730400000],
};
