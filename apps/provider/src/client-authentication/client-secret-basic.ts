import { invalidClient } from '@trefoil/oauth-protocol';
import type { CredentialsReader } from './presented-credentials.js';

/** `client_secret_basic`: id and secret, each form-encoded, in an HTTP Basic header (RFC 6749 §2.3.1). */
export const clientSecretBasic: CredentialsReader = ({ authorization }) => {
  const match = /^basic +(.*)$/i.exec(authorization ?? '');
  if (!match) return undefined;
  const [, clientId, secret] = /^([^:]+):(.*)$/s.exec(Buffer.from(match[1] ?? '', 'base64').toString('utf8')) ?? [];
  if (clientId === undefined || secret === undefined) throw malformed();
  return { method: 'client_secret_basic', clientId: formDecode(clientId), secret: formDecode(secret) };
};

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed();
  }
}

const malformed = () =>
  invalidClient('the Basic header is not base64 of a form-encoded client id, a colon and a secret');
