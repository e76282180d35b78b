import type { VNode } from 'preact';

/** Sends the browser on: 303 to a path of this server, or to the provider. */
export class SeeOther {
  constructor(readonly location: string) {}
}

/** A page that is not simply 200. */
export class PageAnswer {
  constructor(
    readonly status: number,
    readonly page: VNode,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** What the handler of a page returns. */
export type Answer = VNode | PageAnswer | SeeOther;
