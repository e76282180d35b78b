import { UserAdministration } from '../../users/administration/user-administration.js';
import type { User } from '../../users/user.entity.js';
import type { Installation } from '../installation.js';

/**
 * Finds a user by e-mail address or id, also when the user is disabled.
 *
 * @throws Refusal `not-found`.
 */
export const findUser = ({ get }: Installation, name: string): Promise<User> => get(UserAdministration).find(name);
