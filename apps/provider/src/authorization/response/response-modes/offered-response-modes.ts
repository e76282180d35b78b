import type { ResponseModeName } from '../../interaction/authorization-request.js';
import { formPostJwt } from './form-post-jwt.js';
import { formPostMode } from './form-post.js';
import { jwt } from './jwt.js';
import { queryJwt } from './query-jwt.js';
import { query } from './query.js';
import type { ResponseMode } from './response-mode.js';

/** Every response mode by its name. None uses the fragment: that is for tokens, and only codes are answered here. */
export const OFFERED_RESPONSE_MODES: Record<ResponseModeName, ResponseMode> = {
  query,
  form_post: formPostMode,
  jwt,
  'query.jwt': queryJwt,
  'form_post.jwt': formPostJwt,
};
