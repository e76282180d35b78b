import { invalidRequest, type Prompt, PROMPTS } from '@trefoil/oauth-protocol';
import { type AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { CheckContext } from './check-context.js';

/**
 * `none` rules every page out, so it stands alone; an unknown value is refused, because what it asks for would not
 * happen (OpenID Connect Core §3.1.2.1).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkPrompt({ parameters }: Pick<CheckContext, 'parameters'>): Pick<AuthorizationRequest, 'prompt'> {
  const asked = (parameters.get('prompt') ?? '').split(' ').filter(Boolean);
  const prompt = [...new Set(asked)].map(known);
  if (prompt.includes('none') && prompt.length > 1) throw invalidRequest('prompt=none cannot be combined');
  return { prompt };
}

function known(value: string): Prompt {
  const prompt = PROMPTS.find((each) => each === value);
  if (!prompt) throw invalidRequest(`prompt must be of ${PROMPTS.join(', ')}`);
  return prompt;
}
