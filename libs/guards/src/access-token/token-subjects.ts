import { Injectable } from '@nestjs/common';
import { type AccessTokenClaims, sha256 } from '@trefoil/oauth-protocol';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { ServiceClient } from '@trefoil/service-client';
import { InvalidTokenError } from './verified-access-token.js';

const MOST_TOKENS = 10_000;

/** Finds the users of tokens, also when the client of a token knows the user by a pairwise `sub`. */
export abstract class TokenSubjects {
  /**
   * Returns the public `sub` of a token whose claims are verified: the same for one user, whichever client calls.
   *
   * @param token The token exactly as the request carried it. Must never be logged.
   * @throws InvalidTokenError when the token is not active any more.
   * @throws DependencyUnavailableError when the user cannot be found now.
   */
  abstract find(claims: AccessTokenClaims, token: string): Promise<string>;
}

/** Takes the `sub` of every token as it is, in a server that cannot ask the provider. */
@Injectable()
export class ClaimedSubjects extends TokenSubjects {
  async find({ sub }: AccessTokenClaims): Promise<string> {
    return sub;
  }
}

/** Asks the provider for the public `sub` of tokens that have a pairwise one (RFC 7662 §2.2), once for each token. */
export class IntrospectedSubjects extends TokenSubjects {
  // In the order in which they were requested.
  private readonly entries = new Map<string, { sub: Promise<string>; expiresAt: number }>();

  /** @param now Milliseconds since 1970. */
  constructor(
    private readonly service: Pick<ServiceClient, 'introspect'>,
    private readonly now: () => number,
  ) {
    super();
  }

  async find({ sub, subject_type, exp }: AccessTokenClaims, token: string): Promise<string> {
    if (subject_type !== 'pairwise') return sub;
    const key = sha256(token).toString('base64url');
    const known = this.entries.get(key);
    if (known && known.expiresAt > this.now()) return known.sub;
    const found = this.introspect(token);
    this.entries.delete(key);
    this.entries.set(key, { sub: found, expiresAt: exp * 1000 });
    // An error is not kept: the next call tries again.
    found.catch(() => this.entries.delete(key));
    const [oldest] = this.entries.keys();
    if (this.entries.size > MOST_TOKENS && oldest !== undefined) this.entries.delete(oldest);
    return found;
  }

  private async introspect(token: string): Promise<string> {
    const { active, sub } = await this.service.introspect(token).catch((cause: unknown) => {
      throw new DependencyUnavailableError('authorization server', { cause });
    });
    if (!active || sub === undefined) throw new InvalidTokenError('the token has been revoked');
    return sub;
  }
}
