import { invalidRequest, type Prompt, PROMPTS } from '@trefoil/oauth-protocol';
import { type AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { CheckContext } from './check-context.js';

/**
 * Checks `prompt`. `none` forbids every page, so it cannot be combined with other values. Unknown values are refused,
 * because the provider could not do what they ask for (OpenID Connect Core §3.1.2.1).
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
  if (!prompt) throw invalidRequest(`prompt must be one of ${PROMPTS.join(', ')}`);
  return prompt;
}
