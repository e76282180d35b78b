import { Inject, Injectable, Optional } from '@nestjs/common';
import { GUARDS_OPTIONS, type GuardsOptions } from '../guards-options.js';
import { IntrospectedRevocations } from '../revocation/introspected-revocations.js';
import { RevocationList } from '../revocation/revocation-list.js';
import { VerificationKeys } from '../verification-keys/verification-keys.js';
import { type AcceptedIssuer, AcceptedIssuers } from './accepted-issuers.js';
import { checkClaims } from './check-claims.js';
import type { Payload } from './claim-paths.js';
import { checkConfirmation } from './check-confirmation.js';
import { checkHeader } from './check-header.js';
import { readSigned } from './read-signed.js';
import { ClaimedSubjects, TokenSubjects } from './token-subjects.js';
import { InvalidTokenError, type VerifiedAccessToken } from './verified-access-token.js';

/** Describes how a token was presented. */
export interface Presentation {
  /** The HTTP method of the request. Without it, the token is checked as strictly as for a request that writes. */
  readonly method?: string;
  /**
   * The thumbprint of the key in the DPoP proof of the request. The token must be bound to this key; without a proof, it
   * must be bound to no key (RFC 9449 §7.1).
   */
  readonly jkt?: string;
  /**
   * The thumbprint of the client certificate of the connection. A token that is bound to a certificate must be bound to this
   * one (RFC 8705 §3).
   */
  readonly certificate?: string | undefined;
}

/**
 * Verifies access tokens locally: header, key, signature, claims, revocation, in this order (RFC 9068 §4). The `sub` of a
 * verified token is the public one, also when the token has a pairwise one. The issuer of opaque tokens is asked instead.
 */
@Injectable()
export class AccessTokenVerifier {
  private readonly issuers: AcceptedIssuers;

  constructor(
    keys: VerificationKeys,
    revocations: RevocationList,
    @Inject(GUARDS_OPTIONS)
    private readonly options: Omit<GuardsOptions, 'realm' | 'userClients'>,
    @Optional() subjects: TokenSubjects = new ClaimedSubjects(),
  ) {
    this.issuers = new AcceptedIssuers(options, { keys, revocations, subjects });
  }

  /**
   * Verifies a token and returns it with its claims and scopes.
   *
   * @throws InvalidTokenError when a check fails; the message names the check.
   * @throws DependencyUnavailableError when the keys, the revocations or the user are not available.
   */
  async verify(token: string, { method, jkt, certificate }: Presentation = {}): Promise<VerifiedAccessToken> {
    const issuer = this.issuers.of(token);
    const { dialect, revocations, subjects, mapClaims } = issuer;
    const payload = dialect.isOpaque ? await readIntrospected(token, issuer) : await readJwt(token, issuer);
    const checked = checkClaims(dialect.read(payload, token), issuer, (this.options.now ?? Date.now)() / 1000);
    checkConfirmation(checked, { jkt, 'x5t#S256': certificate });
    if (await revocations.isRevoked(checked, { token, method })) {
      throw new InvalidTokenError('the token has been revoked');
    }
    const mapped = mapClaims?.(payload) ?? {};
    const claims = { ...checked, sub: mapped.sub ?? (await subjects.find(checked, token)) };
    const subject = mapped.subject ?? dialect.kindOf(claims, payload);
    const scopes = new Set(mapped.scopes ?? dialect.scopesOf(claims, subject));
    return { token, claims, scopes, roles: new Set(mapped.roles ?? dialect.rolesOf(payload)), subject };
  }
}

/** Returns the claims of a token that is not a JWT, which its issuer reports (RFC 7662 §2.2). */
async function readIntrospected(token: string, { issuer, revocations }: AcceptedIssuer): Promise<Payload> {
  if (!(revocations instanceof IntrospectedRevocations)) {
    throw new Error('The dialect opaque has no introspection. Set the source of revocations to introspection.');
  }
  const members = await revocations.claimsOf(token);
  if (!members) throw new InvalidTokenError('the token is not active');
  return { iss: issuer, iat: 0, ...members };
}

async function readJwt(token: string, { dialect, keys }: AcceptedIssuer): Promise<Payload> {
  const { kid, alg } = checkHeader(token, dialect);
  const key = await keys.find(kid, alg);
  if (!key) throw new InvalidTokenError('the token is signed with a key that the issuer does not publish');
  return readSigned(token, key, alg);
}
