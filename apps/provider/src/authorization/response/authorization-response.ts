import type { OAuthError } from '@trefoil/oauth-protocol';
import type { ReturnAddress } from '../request/check-authorization-request.js';

/** The parameters of an authorization response; `iss` is the issuer that sends it (RFC 9207 §2). */
export type ResponseParameters = Readonly<Record<string, string>> & { readonly iss: string };

const withStateAndIssuer = (
  content: Readonly<Record<string, string>>,
  { state }: Pick<ReturnAddress, 'state'>,
  iss: string,
): ResponseParameters => ({ ...content, ...(state !== undefined && { state }), iss });

/** Returns the parameters of a successful response (OAuth 2.1 §4.1.2). */
export const codeParameters = (
  address: Pick<ReturnAddress, 'state'>,
  issuer: string,
  code: string,
): ResponseParameters => withStateAndIssuer({ code }, address, issuer);

/** Returns the parameters of an error response (OAuth 2.1 §4.1.2.1). */
export function errorParameters(
  address: Pick<ReturnAddress, 'state'>,
  issuer: string,
  { code, description }: OAuthError,
): ResponseParameters {
  return withStateAndIssuer({ error: code, error_description: description }, address, issuer);
}
