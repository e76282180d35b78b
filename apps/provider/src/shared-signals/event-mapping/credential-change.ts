import type { SecurityEventType } from '../../security-events/security-event-type.js';
import { commonMembers, type EventMapping } from './event-mapping.js';
import { clientOf } from './subjects.js';

/** How a credential changed (CAEP 1.0 §3.3.1). */
type ChangeType = 'create' | 'revoke' | 'update' | 'delete';

const CHANGE_TYPE: Partial<Record<SecurityEventType, ChangeType>> = {
  'client-secret-added': 'create',
  'client-secret-removed': 'delete',
};

/** Maps added and removed client secrets to CAEP credential-change (CAEP 1.0 §3.3). */
export const credentialChange: EventMapping = {
  name: 'credential-change',
  from: Object.keys(CHANGE_TYPE) as SecurityEventType[],
  map: (event) => ({
    subject: clientOf(event),
    members: {
      ...commonMembers(event, 'system'),
      credential_type: 'client-secret',
      change_type: CHANGE_TYPE[event.type],
    },
  }),
};
