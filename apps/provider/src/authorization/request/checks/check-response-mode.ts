import { invalidRequest, RESPONSE_MODES, type ResponseModeName } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

type Context = Pick<CheckContext, 'parameters'> & { readonly client: Pick<CheckContext['client'], 'responseModes'> };

/** The mode of a request without `response_mode` (Multiple Response Types §2.1). */
const DEFAULT: ResponseModeName = 'query';

/**
 * Checks that the response mode is supported and that the client may use it. No mode that uses the fragment is
 * supported. A client that is registered for signed responses gets no others (FAPI 2.0 Message Signing §5.3.3, §5.4.1).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkResponseMode({ parameters, client }: Context): void {
  const name = parameters.get('response_mode') ?? DEFAULT;
  const usable = usableBy(client);
  if (!usable.some((mode) => mode === name)) throw invalidRequest(`response_mode must be one of ${usable.join(', ')}`);
}

/**
 * Returns the mode in which the response will be sent, an error response included: the requested mode, or `query` when
 * the requested one is unknown or repeated, or the first mode of the client when it may not use `query`.
 */
export function responseModeOf({ parameters, client }: Context): ResponseModeName {
  const [name = DEFAULT, ...repeated] = parameters.all('response_mode');
  const usable = usableBy(client);
  const asked = repeated.length === 0 ? name : DEFAULT;
  return [asked, DEFAULT].flatMap((each) => usable.find((mode) => mode === each) ?? [])[0] ?? usable[0] ?? DEFAULT;
}

const usableBy = ({ responseModes }: Context['client']): readonly ResponseModeName[] => responseModes ?? RESPONSE_MODES;
