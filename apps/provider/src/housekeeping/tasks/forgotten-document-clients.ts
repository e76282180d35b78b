import { type HousekeepingTask, type Query, unusedRows } from '@trefoil/server-kit';

// A document is read again after a day at the latest, and a sign-in may begin at the end of that day.
const KEPT_SECONDS = 2 * 24 * 3600;

/**
 * Clients that came with the URL of a document, which anybody can make up, and that nobody has allowed anything. One that
 * comes again is read again. Disabled ones stay disabled.
 */
export const forgottenDocumentClients = (query: Query): HousekeepingTask =>
  unusedRows(query, {
    name: 'forgotten-document-clients',
    table: 'clients',
    key: 'client_id',
    keyType: 'text',
    endedAt: `(CASE WHEN client_id ~ '^https?://' AND disabled_at IS NULL THEN updated_at END)`,
    keptFor: KEPT_SECONDS,
    neededBy: `(
      EXISTS (SELECT FROM grants WHERE grants.client_id = clients.client_id)
      OR EXISTS (SELECT FROM consents WHERE consents.client_id = clients.client_id)
      OR EXISTS (SELECT FROM device_authorizations WHERE device_authorizations.client_id = clients.client_id)
      OR EXISTS (SELECT FROM resource_servers WHERE resource_servers.client_id = clients.client_id)
    )`,
  });
