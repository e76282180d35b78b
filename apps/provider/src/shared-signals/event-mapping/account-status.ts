import { commonMembers, type EventMapping } from './event-mapping.js';
import { userOf } from './subjects.js';

/** Maps disabled users to RISC account-disabled (RISC 1.0 §2.3). */
export const accountDisabled: EventMapping = {
  name: 'account-disabled',
  from: ['user-disabled'],
  map: (event, naming) => ({ subject: userOf(event, naming), members: commonMembers(event, 'system') }),
};

/** Maps enabled users to RISC account-enabled (RISC 1.0 §2.4). */
export const accountEnabled: EventMapping = {
  name: 'account-enabled',
  from: ['user-enabled'],
  map: (event, naming) => ({ subject: userOf(event, naming), members: commonMembers(event, 'system') }),
};

/** Maps deleted users to RISC account-purged (RISC 1.0 §2.2). */
export const accountPurged: EventMapping = {
  name: 'account-purged',
  from: ['user-deleted'],
  map: (event, naming) => ({ subject: userOf(event, naming), members: commonMembers(event, 'system') }),
};
