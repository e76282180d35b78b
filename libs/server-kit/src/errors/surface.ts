/** In which style an address speaks: OAuth errors, problem documents or HTML pages. */
export type Surface = 'protocol' | 'api' | 'page';

/** Which surface a path belongs to; `wantsHtml` says that the caller accepts HTML, for paths that do not exist. */
export type SurfaceOf = (path: string, wantsHtml: boolean) => Surface;

/** Renders an error as a page: a plain sentence, what to do next, an id to quote. */
export type RenderErrorPage = (error: { status: number; title: string; detail?: string; requestId: string }) => string;
