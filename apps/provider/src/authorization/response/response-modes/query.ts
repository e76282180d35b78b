import { seeOther } from '../../../http/see-other.js';
import type { ResponseMode } from './response-mode.js';

/** `query`: in the query of the redirect URI, which is the default for a code (Multiple Response Types §2.1). */
export const query: ResponseMode = {
  name: 'query',
  isSigned: false,
  send(reply, redirectUri, parameters) {
    // The redirect URI stays as it was registered, its own query included (OAuth 2.1 §2.3).
    const separator = redirectUri.includes('?') ? '&' : '?';
    seeOther(reply, `${redirectUri}${separator}${new URLSearchParams(parameters).toString()}`);
  },
};
