import type { SurfaceOf } from '@trefoil/server-kit';

/** The provider calls there, as OAuth speaks. */
const PROTOCOL = '/backchannel-logout';

/** The frontend speaks in pages, and in problem documents to callers that do not read HTML. */
export const surfaceOf: SurfaceOf = (path, wantsHtml) => {
  if (path === PROTOCOL) return 'protocol';
  return wantsHtml ? 'page' : 'api';
};
