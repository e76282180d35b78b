import { z } from 'zod';

/** What a session knows of the person and may do for them; kept encrypted. Times are seconds since 1970. */
export const SessionContent = z.object({
  sub: z.string(),
  /** The session at the provider that this one came from. */
  sid: z.string().optional(),
  /** What the header of every page calls the person. */
  name: z.string().optional(),
  accessToken: z.string(),
  accessTokenExpiresAt: z.int(),
  accessTokenLifetime: z.number(),
  refreshToken: z.string().optional(),
});
export type SessionContent = z.infer<typeof SessionContent>;

/** A session as the database keeps it: when it began, when it was last used, and the rest encrypted. */
export const SessionRecord = z.object({ createdAt: z.int(), lastSeenAt: z.int(), sealed: z.string() });
export type SessionRecord = z.infer<typeof SessionRecord>;

/** A session that one request found. */
export interface Session {
  /** What the cookie says; nowhere else is it written down. */
  readonly id: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** Becomes another when the tokens are refreshed while the request runs. */
  content: SessionContent;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the session guard. */
    session?: Session;
    /** The page that shows the form which this request sends, set by the session guard. */
    formPage?: string;
  }
}
