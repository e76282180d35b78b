import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { ServiceClient } from '@trefoil/service-client';
import { IntrospectionCache } from './introspection-cache.js';
import { RevocationList, type TokenUse } from './revocation-list.js';
import { DEFAULT_REVOCATION_OPTIONS, type RevocationOptions } from './revocation-options.js';

/**
 * Asks the provider about every token (RFC 7662), for a provider without a Shared Signals stream. Keeps each answer for a short
 * time, so that a revoked token is refused at the latest after that time.
 */
export class IntrospectedRevocations extends RevocationList {
  private readonly introspections: IntrospectionCache;
  private readonly recheckMilliseconds: number;

  constructor(
    service: Pick<ServiceClient, 'introspect'>,
    { introspectionSeconds = DEFAULT_REVOCATION_OPTIONS.introspectionSeconds }: RevocationOptions = {},
  ) {
    super();
    this.recheckMilliseconds = introspectionSeconds * 1000;
    this.introspections = new IntrospectionCache(service, () => performance.now(), this.recheckMilliseconds);
  }

  override async isRevoked(_claims: AccessTokenClaims, { token }: TokenUse): Promise<boolean> {
    return !(await this.introspections.isActive(token));
  }

  /**
   * Returns the claims of a token that is not a JWT (RFC 7662 §2.2); undefined when it is not active.
   *
   * @throws DependencyUnavailableError when the provider does not answer.
   */
  async claimsOf(token: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { active, members } = await this.introspections.introspect(token);
    return active ? members : undefined;
  }

  /** Asks again at intervals until the token is revoked. While the provider does not answer, the listener is not called. */
  override onRevoked(_claims: AccessTokenClaims, listener: () => void, { token }: TokenUse): () => void {
    const timer = setInterval(() => {
      this.introspections.isActive(token).then(
        (isActive) => {
          if (isActive) return;
          clearInterval(timer);
          listener();
        },
        () => undefined,
      );
    }, this.recheckMilliseconds).unref();
    return () => clearInterval(timer);
  }
}
