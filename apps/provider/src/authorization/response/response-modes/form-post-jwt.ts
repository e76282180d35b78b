import { formPostMode } from './form-post.js';
import type { ResponseMode } from './response-mode.js';

/** `form_post.jwt`: signed, in a form that the browser posts to the redirect URI (JARM §2.3.3). */
export const formPostJwt: ResponseMode = { ...formPostMode, name: 'form_post.jwt', isSigned: true };
