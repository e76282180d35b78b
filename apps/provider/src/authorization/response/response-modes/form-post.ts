import { formPost } from '../form-post.js';
import type { ResponseMode } from './response-mode.js';

/** `form_post`: in a form that the browser posts to the redirect URI (OAuth 2.0 Form Post Response Mode §2). */
export const formPostMode: ResponseMode = { name: 'form_post', isSigned: false, send: formPost };
