import type { SurfaceOf } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';

/** Only the provider calls this path, and it expects OAuth errors. */
const BACK_CHANNEL_LOGOUT = '/backchannel-logout';

/** Only scripts call the paths below it. */
const BFF = '/bff/';

/** Returns how errors are formatted: as OAuth errors, as HTML pages, or as problem documents for other callers. */
export const surfaceOf: SurfaceOf = (path, wantsHtml) => {
  if (path === BACK_CHANNEL_LOGOUT) return 'protocol';
  if (path.startsWith(BFF)) return 'api';
  return wantsHtml ? 'page' : 'api';
};

/** Returns whether the browser will show the response as a page, rather than hand it to a script. */
export function isNavigation({ headers }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode'];
  return (mode === undefined || mode === 'navigate') && (headers.accept?.includes('text/html') ?? false);
}

/** Returns whether a request only reads (RFC 9110 §9.2.1). */
export const isSafeMethod = (method: string): boolean => method === 'GET' || method === 'HEAD';
