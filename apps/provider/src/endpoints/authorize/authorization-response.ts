import type { OAuthError } from '@trefoil/oauth-protocol';
import type { ReturnAddress } from './check-authorization-request.js';

/** The characters that `error_description` may have (RFC 6749 §4.1.2.1). */
const FORBIDDEN_IN_DESCRIPTION = /[^\x20\x21\x23-\x5B\x5D-\x7E]/g;

/** The address that tells a client what its request came to; `iss` says who answers (RFC 9207 §2). */
function responseUrl(address: ReturnAddress, issuer: string, content: Record<string, string>): string {
  const { redirectUri, state } = address;
  const parameters = new URLSearchParams({ ...content, ...(state !== undefined && { state }), iss: issuer });
  // The redirect URI stays as it was registered, its own query included (OAuth 2.1 §2.3).
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${parameters.toString()}`;
}

/** The successful response (OAuth 2.1 §4.1.2). */
export const codeResponse = (address: ReturnAddress, issuer: string, code: string): string =>
  responseUrl(address, issuer, { code });

/** The error response (OAuth 2.1 §4.1.2.1). */
export function errorResponse(address: ReturnAddress, issuer: string, { code, description }: OAuthError): string {
  const error_description = description.replaceAll(FORBIDDEN_IN_DESCRIPTION, '?');
  return responseUrl(address, issuer, { error: code, error_description });
}
