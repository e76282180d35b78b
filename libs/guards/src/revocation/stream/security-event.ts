import { z } from 'zod';
import type { Revocation } from '../list/revocation.js';

/** The type of the event that revokes a session, or the tokens that its subject names (CAEP 1.0 §3.1). */
export const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

/** The event of a verified security event token (SET, RFC 8417). */
export interface SecurityEvent {
  /** The id of the SET. */
  readonly jti: string;
  /** The revocation that the event reports; undefined when it reports none that concerns this server. */
  readonly revocation?: Revocation;
  /** When the token that was revoked expires, in seconds since 1970; undefined when the event does not say. */
  readonly expiresAt?: number;
  /** Seconds since 1970. */
  readonly occurredAt: number;
}

/** Reports that a SET is refused. The code and the message are sent to the transmitter (RFC 8935 §2.4, RFC 8936 §2.6). */
export class RefusedEventError extends Error {
  override readonly name = 'RefusedEventError';

  constructor(
    readonly code: 'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience',
    description: string,
    options: { cause?: unknown } = {},
  ) {
    super(description, options);
  }
}

const opaque = z.object({ format: z.literal('opaque'), id: z.string().min(1) });

/** A subject that is a JWT, named by its id (SSF 1.0 §3.4.1). */
const JwtId = z.object({ format: z.literal('jwt_id'), iss: z.string(), jti: z.string().min(1) });

/** A subject that has several identifiers (SSF 1.0 §3.3). */
const Complex = z.object({
  format: z.literal('complex'),
  user: z.unknown().optional(),
  application: opaque.optional(),
  grant: opaque.optional(),
  session: opaque.optional(),
});

const Generation = z.object({ generation: z.number().optional() });

/**
 * The additional members of the event of a token. They only shorten how long the revocation is kept, so a malformed member
 * counts as absent instead of preventing the revocation.
 */
const TokenMembers = z.object({
  /** The resource servers that the token, or a token that was exchanged for it, may be for. */
  token_audience: z.array(z.string()).optional().catch(undefined),
  /** Seconds since 1970. */
  token_expires_at: z.number().optional().catch(undefined),
});

/** The server that receives an event. */
export interface EventReceiver {
  /** The issuer of the events and of the tokens that they revoke. */
  readonly issuer: string;
  /** The resource identifier of the server. */
  readonly resource: string;
}

/**
 * Returns the revocation that a `session-revoked` event reports. Returns undefined when it concerns no token of this server,
 * and when its subject is a user, because the transmitter also sends an event for each grant of the user.
 *
 * @throws RefusedEventError
 */
export function revocationOf(
  subject: { format: string } | undefined,
  event: object,
  receiver: EventReceiver,
): Pick<SecurityEvent, 'revocation' | 'expiresAt'> | undefined {
  if (!subject) throw new RefusedEventError('invalid_request', 'the SET names no subject (sub_id)');
  if (subject.format === 'jwt_id') return revocationOfToken(parsed(JwtId, subject), event, receiver);
  if (subject.format !== 'complex') return undefined;
  const { user, application, grant, session } = parsed(Complex, subject);
  if (grant) return { revocation: { kind: 'grant', id: grant.id } };
  if (session) return { revocation: { kind: 'session', id: session.id } };
  if (!application || user !== undefined) return undefined;
  return { revocation: { kind: 'client', id: application.id, ...parsed(Generation, event) } };
}

function revocationOfToken({ iss, jti }: z.output<typeof JwtId>, event: object, { issuer, resource }: EventReceiver) {
  if (iss !== issuer) throw new RefusedEventError('invalid_request', 'the token is from another issuer (sub_id)');
  const { token_audience: audience, token_expires_at: expiresAt } = parsed(TokenMembers, event);
  if (audience && !audience.includes(resource)) return undefined;
  return { revocation: { kind: 'token', id: jti }, ...(expiresAt !== undefined && { expiresAt }) } as const;
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new RefusedEventError('invalid_request', z.prettifyError(result.error));
  return result.data;
}
