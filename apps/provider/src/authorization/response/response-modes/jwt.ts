import { queryJwt } from './query-jwt.js';
import type { ResponseMode } from './response-mode.js';

/** `jwt`: signed, by the default way of the response type, which is the query for a code (JARM §2.3.4). */
export const jwt: ResponseMode = { ...queryJwt, name: 'jwt' };
