import type { VNode } from 'preact';

/** A 303 redirect to a path of this server or to the provider. */
export class SeeOther {
  constructor(readonly location: string) {}
}

/** A page with a status other than 200, or with headers of its own. */
export class PageResponse {
  constructor(
    readonly status: number,
    readonly page: VNode,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** The return value of a page handler. A bare element is a page with status 200. */
export type PageResult = VNode | PageResponse | SeeOther;
