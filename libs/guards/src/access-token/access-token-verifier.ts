import { Inject, Injectable, Optional } from '@nestjs/common';
import { GUARDS_OPTIONS, type GuardsOptions } from '../guards-options.js';
import { RevocationList } from '../revocation/revocation-list.js';
import { VerificationKeys } from '../verification-keys/verification-keys.js';
import { AcceptedIssuers } from './accepted-issuers.js';
import { checkClaims } from './check-claims.js';
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
 * verified token is the public one, also when the token has a pairwise one.
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
    const { dialect, keys, revocations, subjects, mapClaims } = issuer;
    const { kid, alg } = checkHeader(token, dialect);
    const key = await keys.find(kid, alg);
    if (!key) throw new InvalidTokenError('the token is signed with a key that the issuer does not publish');
    const payload = await readSigned(token, key, alg);
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
