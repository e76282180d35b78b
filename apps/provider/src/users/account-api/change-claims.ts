import type { AccountPatch } from '@trefoil/dto';
import type { StandardClaims } from '../user.entity.js';
import { mergePatch } from './merge-patch.js';

/**
 * The claims of a user after a change. A telephone number that changed is not verified yet, and an address with nothing
 * in it is none.
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
