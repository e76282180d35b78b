import { z } from 'zod';
import { AccessToken } from '../provider-client/access-token.js';

/** The encrypted content of a session: the user and their tokens. */
export const SessionContent = z.object({
  sub: z.string(),
  /** The session at the provider from which this one was created. */
  sid: z.string().optional(),
  /** The user's name in the page header. */
  name: z.string().optional(),
  /** The access tokens by the resource identifier of their API. A token is requested when it is first needed. */
  accessTokens: z.record(z.string(), AccessToken),
  refreshToken: z.string().optional(),
  /** The ID token, where a sign-out sends it to the provider. */
  idToken: z.string().optional(),
});
export type SessionContent = z.infer<typeof SessionContent>;

/** A session as the database stores it. Only the two times are readable; `sealed` is the encrypted content. */
export const SessionRecord = z.object({ createdAt: z.int(), lastSeenAt: z.int(), sealed: z.string() });
export type SessionRecord = z.infer<typeof SessionRecord>;

/** A session that was read for one request. */
export interface Session {
  /** The value of the session cookie. It is stored nowhere else. */
  readonly id: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** Is replaced when the tokens are refreshed during the request. */
  content: SessionContent;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The session of the request, set by the session guards. */
    session?: Session;
  }
}
