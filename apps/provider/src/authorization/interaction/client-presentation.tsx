import type { ContentSecurity } from '@trefoil/server-kit';
import type { ClientDescription } from './authorization-pages.js';

/** The links of a client that pages show. */
export type ClientPresentation = Pick<ClientDescription, 'logoUri' | 'policyUri' | 'tosUri'>;

/**
 * Shows the logo of a client (RFC 7591 §2). The image is decorative, so the name must stand beside it. The request for
 * it has no `Referer`.
 */
export const ClientLogo = ({ logoUri }: ClientPresentation) =>
  logoUri ? <img class="logo" src={logoUri} alt="" referrerpolicy="no-referrer" /> : null;

/** Shows the links to the privacy policy and the terms of service of a client (RFC 7591 §2). */
export function ClientTerms({ policyUri, tosUri }: ClientPresentation) {
  if (!policyUri && !tosUri) return null;
  return (
    <p>
      {policyUri && (
        <a href={policyUri} target="_blank" rel="noopener noreferrer">
          Privacy policy
        </a>
      )}
      {policyUri && tosUri && ' · '}
      {tosUri && (
        <a href={tosUri} target="_blank" rel="noopener noreferrer">
          Terms of service
        </a>
      )}
    </p>
  );
}

/** Returns the content security policy of a page that shows a client: it allows the origin of the logo. */
export const contentSecurityFor = ({ logoUri }: ClientPresentation): ContentSecurity | undefined =>
  logoUri ? { images: [new URL(logoUri).origin] } : undefined;
