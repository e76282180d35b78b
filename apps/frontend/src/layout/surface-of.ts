import type { SurfaceOf } from '@trefoil/server-kit';

/** The frontend speaks in pages, and in problem documents to callers that do not read HTML. */
export const surfaceOf: SurfaceOf = (_path, wantsHtml) => (wantsHtml ? 'page' : 'api');
