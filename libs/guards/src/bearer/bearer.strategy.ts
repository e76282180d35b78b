import type { OnApplicationShutdown } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { randomUUID } from 'node:crypto';
import passport from 'passport';
import { Strategy } from 'passport-http-bearer';
import type { AccessTokenVerifier } from '../access-token/access-token-verifier.js';
import { InvalidTokenError, type VerifiedAccessToken } from '../access-token/verified-access-token.js';
import type { PresentedToken } from '../dpop/dpop.strategy.js';

/** The result that Passport expects: the verified token, or `false` with the reason for the challenge. */
type Result = VerifiedAccessToken | [false, { message: string }];

/** The Bearer scheme (RFC 6750) as a Passport strategy. */
export abstract class BearerStrategy {
  /** The name under which the strategy is registered at Passport. */
  abstract readonly strategyName: string;
}

/** Registers the strategy of one app. Passport is global to the process, so each app's strategy has its own name. */
export function registerBearerStrategy(verifier: AccessTokenVerifier, realm: string): BearerStrategy {
  const strategyName = `bearer ${randomUUID()}`;

  class AppBearerStrategy
    extends PassportStrategy<typeof Strategy, VerifiedAccessToken, Result>(Strategy, strategyName)
    implements BearerStrategy, OnApplicationShutdown
  {
    readonly strategyName = strategyName;

    /** Returns an invalid token as a result, because an error thrown here would be answered without a challenge. */
    async validate({ method, certificate }: PresentedToken, token: string): Promise<Result> {
      try {
        return await verifier.verify(token, { method, certificate });
      } catch (error) {
        if (error instanceof InvalidTokenError) return [false, { message: error.message }];
        throw error;
      }
    }

    // Not earlier: requests are accepted until the listener has closed, and need the strategy.
    onApplicationShutdown(): void {
      passport.unuse(strategyName);
    }
  }

  return new AppBearerStrategy({ realm, passReqToCallback: true });
}
