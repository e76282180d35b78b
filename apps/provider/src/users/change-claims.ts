import type { AccountPatch } from '@trefoil/dto';
import type { StandardClaims } from './user.entity.js';
import { mergePatch } from '../http/merge-patch.js';

/**
 * Returns the claims of a user after a merge patch. A changed telephone number counts as unverified, and an empty address
 * is removed.
 */
export function changeClaims(claims: StandardClaims, patch: AccountPatch): StandardClaims {
  const { address, phone_number_verified, ...changed } = mergePatch(claims, patch);
  const { phone_number } = changed;
  const verified = phone_number === claims.phone_number ? phone_number_verified : false;
  return {
    ...changed,
    ...(phone_number !== undefined && { phone_number_verified: verified }),
    ...(address && Object.keys(address).length > 0 && { address }),
  };
}
