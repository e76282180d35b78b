/** The values of `prompt` on offer (OpenID Connect Core §3.1.2.1). */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;

export type Prompt = (typeof PROMPTS)[number];

/** The values of `response_mode` on offer (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2, JARM §2.3). */
export const RESPONSE_MODES = ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'] as const;

export type ResponseModeName = (typeof RESPONSE_MODES)[number];
