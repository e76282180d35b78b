import { z } from 'zod';
import type { Ending } from '../list/revocation.js';
import { RefusedEventError } from './refused-event-error.js';

/** What ends sessions, and the tokens that the subject names (CAEP 1.0 §3.1). */
export const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

const opaque = z.object({ format: z.literal('opaque'), id: z.string().min(1) });

/** A JWT by its id (SSF 1.0 §3.4.1). */
const JwtId = z.object({ format: z.literal('jwt_id'), iss: z.string(), jti: z.string().min(1) });

/** Several identifiers of one subject (SSF 1.0 §3.3). */
const Complex = z.object({
  format: z.literal('complex'),
  user: z.unknown().optional(),
  application: opaque.optional(),
  grant: opaque.optional(),
  session: opaque.optional(),
});

const Generation = z.object({ generation: z.number().optional() });

/**
 * What a `session-revoked` event ends; undefined when its subject is a person: their grants are told one by one.
 *
 * @throws RefusedEventError
 */
export function endingOf(subject: { format: string } | undefined, event: object, issuer: string): Ending | undefined {
  if (!subject) throw new RefusedEventError('invalid_request', 'the SET names no subject (sub_id)');
  if (subject.format === 'jwt_id') return endingOfToken(parsed(JwtId, subject), issuer);
  if (subject.format !== 'complex') return undefined;
  const { user, application, grant, session } = parsed(Complex, subject);
  if (grant) return { kind: 'grant', id: grant.id };
  if (session) return { kind: 'session', id: session.id };
  if (!application || user !== undefined) return undefined;
  return { kind: 'client', id: application.id, ...parsed(Generation, event) };
}

function endingOfToken({ iss, jti }: z.output<typeof JwtId>, issuer: string): Ending {
  if (iss !== issuer) throw new RefusedEventError('invalid_request', 'the token is of another issuer (sub_id)');
  return { kind: 'token', id: jti };
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new RefusedEventError('invalid_request', z.prettifyError(result.error));
  return result.data;
}
