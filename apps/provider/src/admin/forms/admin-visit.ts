import type { Parameters } from '@trefoil/oauth-protocol';
import type { FastifyReply } from 'fastify';
import type { VNode } from 'preact';
import { seeOther, sendPage } from '../../http/replies.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import type { AdminFrame } from '../admin-layout.js';

/** What every form of a page carries: the token that proves where it came from, and the id that allows it to be sent once. */
export interface SingleUseForm {
  readonly formToken: string;
  readonly formId: string;
}

/** What the pages of one answer show besides their content. */
export interface PageContext {
  readonly frame: AdminFrame;
  readonly form: SingleUseForm;
}

/** A request of an administrator for a page. */
export class AdminVisit {
  constructor(
    private readonly reply: FastifyReply,
    /** What the answering page is rendered with. */
    readonly page: PageContext,
    /** Who acts, as security events record it. */
    readonly origin: RequestOrigin,
    readonly query: Parameters,
    /** The submitted form; empty when the request only reads. */
    readonly form: Parameters,
  ) {}

  /** Returns the id in the query of the thing that the page is about. */
  get id(): string {
    return this.query.get('id') ?? '';
  }

  /** Answers with a page, which no cache stores. */
  send(page: VNode, status = 200): void {
    sendPage(this.reply, page, status);
  }

  /** Redirects to the page that shows the result of a form, so that a reload does not send the form again. */
  redirect(path: string): void {
    seeOther(this.reply, path);
  }
}

/** Returns the path of a page about one thing. */
export const pathOf = (page: string, id: string, more: Readonly<Record<string, string>> = {}): string =>
  `${page}?${new URLSearchParams({ id, ...more }).toString()}`;
