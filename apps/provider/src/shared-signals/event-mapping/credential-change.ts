import type { SecurityEventType } from '../../security-events/security-event-type.js';
import { commonMembers, type EventMapping } from './event-mapping.js';
import { clientOf, userOf } from './subjects.js';

/** The credential that changed and how (CAEP 1.0 §3.3.1). */
interface CredentialChange {
  readonly credential_type: 'client-secret' | 'password';
  readonly change_type: 'create' | 'revoke' | 'update' | 'delete';
}

const CHANGES: Partial<Record<SecurityEventType, CredentialChange>> = {
  'client-secret-added': { credential_type: 'client-secret', change_type: 'create' },
  'client-secret-removed': { credential_type: 'client-secret', change_type: 'delete' },
  'user-password-set': { credential_type: 'password', change_type: 'update' },
};

/** Maps added and removed client secrets and new passwords to CAEP credential-change (CAEP 1.0 §3.3). */
export const credentialChange: EventMapping = {
  name: 'credential-change',
  from: Object.keys(CHANGES) as SecurityEventType[],
  map: (event, naming) => ({
    subject: event.type === 'user-password-set' ? userOf(event, naming) : clientOf(event),
    members: { ...commonMembers(event, 'system'), ...CHANGES[event.type] },
  }),
};
