import type { SecurityEventType } from '../../security-events/security-event-type.js';
import { circumstancesOf } from './circumstances.js';
import { clientOf } from './subjects.js';
import type { ToldEvents } from './event-mapping.js';

/** What happened to a credential (CAEP 1.0 §3.3.1). */
type ChangeType = 'create' | 'revoke' | 'update' | 'delete';

const CHANGE_TYPE: Partial<Record<SecurityEventType, ChangeType>> = {
  'client-secret-added': 'create',
  'client-secret-removed': 'delete',
};

/** CAEP credential-change (CAEP 1.0 §3.3): a client has another secret, or one less. */
export const credentialChange: ToldEvents = {
  name: 'credential-change',
  of: Object.keys(CHANGE_TYPE) as SecurityEventType[],
  tell: (event) => ({
    subject: clientOf(event),
    members: {
      ...circumstancesOf(event, 'system'),
      credential_type: 'client-secret',
      change_type: CHANGE_TYPE[event.type],
    },
  }),
};
