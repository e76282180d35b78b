import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { z } from 'zod';
import { isAcceptedAlgorithm } from '../../verification-keys/accepted-algorithms.js';
import type { VerificationKey, VerificationKeys } from '../../verification-keys/verification-keys.js';
import {
  type EventReceiver,
  RefusedEventError,
  revocationOf,
  type SecurityEvent,
  SESSION_REVOKED,
} from './security-event.js';

const SET_TYPE = /^(application\/)?secevent\+jwt$/i;
/** Seconds by which the transmitter's clock may be ahead of ours. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** The claims of a SET (RFC 8417 §2.2). Claims that would make it usable as another kind of token are refused (§4). */
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

/** Verifies the security event tokens (SETs) of one transmitter for one receiver (RFC 8417, SSF 1.0 §4). */
export class SecurityEventTokenVerifier {
  constructor(
    private readonly keys: VerificationKeys,
    private readonly options: EventReceiver & { readonly audience: string; readonly now: () => number },
  ) {}

  /**
   * Verifies a SET and returns its event.
   *
   * @param id The id under which the SET was delivered, which must be its `jti` (RFC 8936 §2.3).
   * @throws RefusedEventError when a check fails; the message names the check.
   * @throws DependencyUnavailableError when the keys are not available.
   */
  async verify(id: string, set: string): Promise<SecurityEvent> {
    const { iss, aud, jti, iat, sub_id, events } = await this.readSigned(set);
    const { issuer, audience, now } = this.options;
    if (iss !== issuer) throw new RefusedEventError('invalid_issuer', 'the SET is from another issuer');
    if (![aud].flat().includes(audience))
      throw new RefusedEventError('invalid_audience', 'the SET is for another receiver');
    if (jti !== id) throw invalid('the SET was delivered under an id that is not its own (jti)');
    if (iat > now() / 1000 + CLOCK_TOLERANCE_SECONDS) throw invalid('the SET was issued in the future (iat)');
    const [event, ...more] = Object.entries(events);
    if (!event || more.length > 0) throw invalid('the SET must have exactly one event (events)');
    const [type, content] = event;
    const reported = type === SESSION_REVOKED ? revocationOf(sub_id, content, this.options) : undefined;
    return { jti, ...reported, occurredAt: content.event_timestamp ?? iat };
  }

  private async readSigned(set: string): Promise<z.output<typeof Claims>> {
    const { key, alg } = await this.findKey(set);
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

  private async findKey(set: string): Promise<{ key: VerificationKey; alg: string }> {
    const { alg, typ, kid, crit } = headerOf(set);
    if (!SET_TYPE.test(String(typ))) throw invalid('the type of the JWT is not secevent+jwt');
    if (crit !== undefined) throw invalid('the SET demands an extension that is not supported (crit)');
    if (!isAcceptedAlgorithm(alg)) throw invalid('the signature algorithm of the SET is not accepted');
    const key = typeof kid === 'string' ? await this.keys.find(kid, alg) : undefined;
    if (!key) throw new UnknownKeyError();
    return { key, alg };
  }
}

/** Reports a SET whose key was not found. The SET may be valid, because the key may have been published since. */
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
