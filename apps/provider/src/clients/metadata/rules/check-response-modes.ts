import { invalidClientMetadata, RESPONSE_MODES } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

/**
 * The response modes that the client may use, each of which must be offered; any that are, when it names none. A client
 * that names those of JARM only is never answered without a signature (FAPI 2.0 Message Signing §5.3.3, §5.4.1).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkResponseModes({ metadata }: Pick<RegistrationContext, 'metadata'>): Pick<Client, 'responseModes'> {
  const { response_modes: named } = metadata;
  if (named === undefined) return { responseModes: null };
  const responseModes = RESPONSE_MODES.filter((offered) => named.includes(offered));
  if (responseModes.length === 0 || responseModes.length < new Set(named).size) {
    throw invalidClientMetadata(`response_modes must be of ${RESPONSE_MODES.join(', ')}`);
  }
  return { responseModes };
}
