import { invalidClientMetadata, RESPONSE_MODES } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

/**
 * Checks that every response mode is supported. The default is all of them. A client that registers only modes of JARM never
 * gets an unsigned response (FAPI 2.0 Message Signing §5.3.3, §5.4.1).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkResponseModes({ metadata }: Pick<RegistrationContext, 'metadata'>): Pick<Client, 'responseModes'> {
  const { response_modes: named } = metadata;
  if (named === undefined) return { responseModes: null };
  const responseModes = RESPONSE_MODES.filter((offered) => named.includes(offered));
  if (responseModes.length === 0 || responseModes.length < new Set(named).size) {
    throw invalidClientMetadata(`response_modes must be one or more of ${RESPONSE_MODES.join(', ')}`);
  }
  return { responseModes };
}
