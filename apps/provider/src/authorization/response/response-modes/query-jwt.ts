import { query } from './query.js';
import type { ResponseMode } from './response-mode.js';

/** `query.jwt`: signed, in the query of the redirect URI (JARM §2.3.1). */
export const queryJwt: ResponseMode = { ...query, name: 'query.jwt', isSigned: true };
