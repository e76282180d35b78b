import { isDemoValue } from '../../foundation/demo-values.js';
import { refusedValue } from '../../http/refusal.js';

/** Long enough that it cannot be guessed within the limits of client authentication (RFC 6749 §10.10), if it is random. */
const CHOSEN_SECRET = /^[\x21-\x7E]{16,200}$/;

/**
 * Checks a client secret that somebody chose. Its characters are those of RFC 6749 Appendix A.2 without the space.
 *
 * @throws Refusal that names the member `client_secret`. In production it also refuses the secrets of the demo.
 */
export function checkChosenSecret(secret: string, { NODE_ENV }: { readonly NODE_ENV: string }): void {
  if (!CHOSEN_SECRET.test(secret)) {
    throw refusedValue('client_secret', 'must be 16 to 200 visible ASCII characters, without spaces');
  }
  if (NODE_ENV === 'production' && isDemoValue(secret)) {
    throw refusedValue('client_secret', 'must not be a secret of the demo, which everybody knows');
  }
}
