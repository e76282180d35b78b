import { circumstancesOf } from './circumstances.js';
import { userOf } from './subjects.js';
import type { ToldEvents } from './event-mapping.js';

/** RISC account-disabled (RISC 1.0 §2.3). */
const accountDisabled: ToldEvents = {
  name: 'account-disabled',
  of: ['user-disabled'],
  tell: (event, naming) => ({ subject: userOf(event, naming), members: circumstancesOf(event, 'system') }),
};

/** RISC account-enabled (RISC 1.0 §2.4). */
const accountEnabled: ToldEvents = {
  name: 'account-enabled',
  of: ['user-enabled'],
  tell: (event, naming) => ({ subject: userOf(event, naming), members: circumstancesOf(event, 'system') }),
};

/** What RISC tells of accounts (RISC 1.0 §2). */
export const accountChange: readonly ToldEvents[] = [accountDisabled, accountEnabled];
