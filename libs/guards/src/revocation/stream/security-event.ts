import { z } from 'zod';
import type { Revocation } from '../list/revocation.js';

/** The type of the event that revokes a session, or the tokens that its subject names (CAEP 1.0 §3.1). */
export const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

/** The event of a verified security event token (SET, RFC 8417). */
export interface SecurityEvent {
  /** The id of the SET. */
  readonly jti: string;
  /** The revocation that the event reports; undefined when it reports none. */
  readonly revocation?: Revocation;
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
 * Returns the revocation that a `session-revoked` event reports. Returns undefined when its subject is a user, because the
 * transmitter also sends an event for each grant of the user.
 *
 * @throws RefusedEventError
 */
export function revocationOf(
  subject: { format: string } | undefined,
  event: object,
  issuer: string,
): Revocation | undefined {
  if (!subject) throw new RefusedEventError('invalid_request', 'the SET names no subject (sub_id)');
  if (subject.format === 'jwt_id') return revocationOfToken(parsed(JwtId, subject), issuer);
  if (subject.format !== 'complex') return undefined;
  const { user, application, grant, session } = parsed(Complex, subject);
  if (grant) return { kind: 'grant', id: grant.id };
  if (session) return { kind: 'session', id: session.id };
  if (!application || user !== undefined) return undefined;
  return { kind: 'client', id: application.id, ...parsed(Generation, event) };
}

function revocationOfToken({ iss, jti }: z.output<typeof JwtId>, issuer: string): Revocation {
  if (iss !== issuer) throw new RefusedEventError('invalid_request', 'the token is from another issuer (sub_id)');
  return { kind: 'token', id: jti };
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new RefusedEventError('invalid_request', z.prettifyError(result.error));
  return result.data;
}
