import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { z } from 'zod';
import { isAcceptedAlgorithm } from '../../verification-keys/accepted-algorithms.js';
import type { VerificationKeys, VerificationKey } from '../../verification-keys/verification-keys.js';
import type { Ending } from '../list/revocation.js';
import { endingOf, SESSION_REVOKED } from './security-event.js';
import { RefusedEventError } from './refused-event-error.js';

const SET_TYPE = /^(application\/)?secevent\+jwt$/i;
/** Seconds that the transmitter's clock may be ahead of ours. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** The claims that every SET has (RFC 8417 §2.2); one that could be taken for another kind of token is none (§4). */
const Claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  jti: z.string().min(1),
  iat: z.number(),
  sub: z.never('must not be there (SSF 1.0 §4.1.3)').optional(),
  exp: z.never('must not be there (SSF 1.0 §4.1.4)').optional(),
  sub_id: z.looseObject({ format: z.string() }).optional(),
  events: z.record(z.string(), z.looseObject({ event_timestamp: z.number().optional() })),
});

/** A security event that is in order. */
export interface SecurityEvent {
  /** The id of its SET. */
  readonly jti: string;
  /** What it ends; undefined when it ends nothing here. */
  readonly ending?: Ending;
  /** Seconds since 1970. */
  readonly occurredAt: number;
}

/** Reads the SETs of one transmitter for one receiver (RFC 8417, SSF 1.0 §4). */
export class SecurityEventReader {
  constructor(
    private readonly keys: VerificationKeys,
    private readonly options: { readonly issuer: string; readonly audience: string; readonly now: () => number },
  ) {}

  /**
   * Reads the SET that came under an id.
   *
   * @throws RefusedEventError saying which check failed.
   * @throws DependencyUnavailableError when the keys cannot be had.
   */
  async read(id: string, set: string): Promise<SecurityEvent> {
    const { iss, aud, jti, iat, sub_id, events } = await this.verify(set);
    const { issuer, audience, now } = this.options;
    if (iss !== issuer) throw new RefusedEventError('invalid_issuer', 'the SET is from another issuer');
    if (![aud].flat().includes(audience))
      throw new RefusedEventError('invalid_audience', 'the SET is for another receiver');
    if (jti !== id) throw invalid('the SET came under an id that is not its own (jti)');
    if (iat > now() / 1000 + CLOCK_TOLERANCE_SECONDS) throw invalid('the SET was issued in the future (iat)');
    const [event, ...more] = Object.entries(events);
    if (!event || more.length > 0) throw invalid('the SET has not exactly one event');
    const [type, content] = event;
    const ending = type === SESSION_REVOKED ? endingOf(sub_id, content, issuer) : undefined;
    return { jti, ending, occurredAt: content.event_timestamp ?? iat };
  }

  private async verify(set: string): Promise<z.output<typeof Claims>> {
    const { key, alg } = await this.keyOf(set);
    try {
      const { payload } = await compactVerify(set, key, { algorithms: [alg] });
      return Claims.parse(JSON.parse(new TextDecoder().decode(payload)));
    } catch (cause) {
      if (cause instanceof z.ZodError) throw invalid(z.prettifyError(cause), cause);
      if (cause instanceof errors.JWSSignatureVerificationFailed) {
        throw new RefusedEventError('invalid_key', 'the signature of the SET does not match', { cause });
      }
      if (cause instanceof errors.JOSEError || cause instanceof SyntaxError) throw invalid('it is not a SET', cause);
      throw cause;
    }
  }

  private async keyOf(set: string): Promise<{ key: VerificationKey; alg: string }> {
    const { alg, typ, kid, crit } = headerOf(set);
    if (!SET_TYPE.test(String(typ))) throw invalid('the type of the JWT is not secevent+jwt');
    if (crit !== undefined) throw invalid('the SET demands an extension that is not supported (crit)');
    if (!isAcceptedAlgorithm(alg)) throw invalid('the signature algorithm of the SET is not accepted');
    const key = typeof kid === 'string' ? await this.keys.find(kid, alg) : undefined;
    if (!key) throw new UnknownKeyError();
    return { key, alg };
  }
}

/** The SET is signed with a key that is not published, or not known here yet: it may be good a little later. */
export class UnknownKeyError extends RefusedEventError {
  constructor() {
    super('invalid_key', 'the SET is signed with a key that the issuer does not publish');
  }
}

function headerOf(set: string) {
  try {
    return decodeProtectedHeader(set);
  } catch (cause) {
    throw invalid('it is not a SET', cause);
  }
}

const invalid = (description: string, cause?: unknown): RefusedEventError =>
  new RefusedEventError('invalid_request', description, { cause });
