import { invalidRequest, RESPONSE_MODES, type ResponseModeName } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

type Context = Pick<CheckContext, 'parameters'> & { readonly client: Pick<CheckContext['client'], 'responseModes'> };

/** What a request that names none asks for (Multiple Response Types §2.1). */
const DEFAULT: ResponseModeName = 'query';

/**
 * The response mode must be one that is offered, which none is that puts an answer into the fragment, and one the client
 * may use: a client that is registered for signed responses gets no other (FAPI 2.0 Message Signing §5.3.3, §5.4.1).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkResponseMode({ parameters, client }: Context): void {
  const name = parameters.get('response_mode') ?? DEFAULT;
  const usable = usableBy(client);
  if (!usable.some((mode) => mode === name)) throw invalidRequest(`response_mode must be of ${usable.join(', ')}`);
}

/**
 * How an answer travels, an error too: as the request says; when what it says makes no sense, in the query, or the first
 * mode of a client that may not use that.
 */
export function responseModeOf({ parameters, client }: Context): ResponseModeName {
  const [name = DEFAULT, ...repeated] = parameters.all('response_mode');
  const usable = usableBy(client);
  const asked = repeated.length === 0 ? name : DEFAULT;
  return [asked, DEFAULT].flatMap((each) => usable.find((mode) => mode === each) ?? [])[0] ?? usable[0] ?? DEFAULT;
}

const usableBy = ({ responseModes }: Context['client']): readonly ResponseModeName[] => responseModes ?? RESPONSE_MODES;
