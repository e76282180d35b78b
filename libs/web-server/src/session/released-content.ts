import { z } from 'zod';
import { SessionContent } from './session.js';

/** The access token of the only API of release 0.1.0, as that release stores it. */
const ReleasedToken = z.object({
  accessToken: z.string(),
  accessTokenExpiresAt: z.int(),
  accessTokenLifetime: z.number(),
});

/**
 * Returns the schema of the stored content of a session, which replicas of release 0.1.0 and of this version share during an
 * upgrade. Release 0.1.0 removes the fields that it does not know, so it leaves one token when it writes.
 *
 * @param api the resource identifier of the first API (RFC 8707), the only one of release 0.1.0.
 */
export const storedContent = (api: string): z.ZodType<SessionContent> =>
  z.union([
    SessionContent,
    SessionContent.omit({ accessTokens: true })
      .extend(ReleasedToken.shape)
      .transform(
        ({ accessToken: value, accessTokenExpiresAt: expiresAt, accessTokenLifetime: lifetime, ...content }) => ({
          ...content,
          accessTokens: { [api]: { value, expiresAt, lifetime } },
        }),
      ),
  ]);

/** Returns the content of a session with the fields that release 0.1.0 reads. */
export function withReleasedToken(content: SessionContent, api: string): SessionContent {
  const token = content.accessTokens[api];
  if (!token) return content;
  const { value: accessToken, expiresAt: accessTokenExpiresAt, lifetime: accessTokenLifetime } = token;
  const released: z.input<typeof ReleasedToken> = { accessToken, accessTokenExpiresAt, accessTokenLifetime };
  return { ...content, ...released };
}
