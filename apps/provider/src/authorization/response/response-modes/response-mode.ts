import type { FastifyReply } from 'fastify';
import type { ResponseModeName } from '../../interaction/authorization-request.js';

/** A way for an authorization response to travel through the browser to its client. */
export interface ResponseMode {
  readonly name: ResponseModeName;
  /** Whether the parameters are signed, together, as the one parameter `response` (JARM §2.1). */
  readonly isSigned: boolean;
  send(reply: FastifyReply, redirectUri: string, parameters: Readonly<Record<string, string>>): void;
}
