import type { ResponseModeName } from '@trefoil/oauth-protocol';
import type { FastifyReply } from 'fastify';
import { seeOther } from '../../http/replies.js';
import { sendFormPost } from './form-post.page.js';

/** Sends the parameters of an authorization response through the browser to the client. */
type Send = (reply: FastifyReply, redirectUri: string, parameters: Readonly<Record<string, string>>) => void;

/** The properties of a response mode. */
export interface ResponseMode {
  /** Whether the parameters are sent as one signed parameter, `response` (JARM §2.1). */
  readonly isSigned: boolean;
  /** Whether the parameters are in the query of the redirect URI or in a form. */
  readonly delivery: 'query' | 'form';
  readonly send: Send;
}

/** Appends parameters to the query of a redirect URI, which keeps its own query (OAuth 2.1 §2.3). */
export function withQuery(redirectUri: string, parameters: Readonly<Record<string, string>>): string {
  const separator = redirectUri.includes('?') ? '&' : '?';
  return `${redirectUri}${separator}${new URLSearchParams(parameters).toString()}`;
}

const sendInQuery: Send = (reply, redirectUri, parameters) => seeOther(reply, withQuery(redirectUri, parameters));

/**
 * All supported response modes, by name. None uses the fragment: a fragment is for tokens, and `/authorize` responds
 * with codes only.
 */
export const OFFERED_RESPONSE_MODES: Record<ResponseModeName, ResponseMode> = {
  // The default for a code (OAuth 2.0 Multiple Response Types §2.1).
  query: { isSigned: false, delivery: 'query', send: sendInQuery },
  // OAuth 2.0 Form Post Response Mode §2.
  form_post: { isSigned: false, delivery: 'form', send: sendFormPost },
  // The default mode of a code, signed (JARM §2.3.4).
  jwt: { isSigned: true, delivery: 'query', send: sendInQuery },
  // JARM §2.3.1.
  'query.jwt': { isSigned: true, delivery: 'query', send: sendInQuery },
  // JARM §2.3.3.
  'form_post.jwt': { isSigned: true, delivery: 'form', send: sendFormPost },
};
