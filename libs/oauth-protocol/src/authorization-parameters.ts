/** The supported values of `prompt` (OpenID Connect Core §3.1.2.1). */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;

/** A value of `prompt`. */
export type Prompt = (typeof PROMPTS)[number];

/**
 * The supported values of `response_mode` (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2, JARM §2.3).
 */
export const RESPONSE_MODES = ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'] as const;

/** A value of `response_mode`. */
export type ResponseModeName = (typeof RESPONSE_MODES)[number];
