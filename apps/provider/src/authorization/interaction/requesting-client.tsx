import type { RequestingParty } from './authorization-parties.js';

/** What a client shows of itself where it asks for something. */
export type ClientPresentation = Pick<RequestingParty, 'logoUri' | 'policyUri' | 'tosUri'>;

/** The logo of a client (RFC 7591 §2); decorative, so the name must stand beside it. Its site does not learn of the page. */
export const ClientLogo = ({ logoUri }: ClientPresentation) =>
  logoUri ? <img class="logo" src={logoUri} alt="" referrerpolicy="no-referrer" /> : null;

/** What a client promises, and what it wants agreed to (RFC 7591 §2). */
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

/** What a page that shows a client must be allowed to load. */
export const presentationSecurity = ({ logoUri }: ClientPresentation) =>
  logoUri ? { images: [new URL(logoUri).origin] } : undefined;
