import type { OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { randomUUID } from 'node:crypto';
import passport from 'passport';
import { Strategy } from 'passport-http-bearer';
import type { AccessTokenVerifier } from '../access-token/access-token-verifier.js';
import type { PresentedToken } from '../dpop/dpop.strategy.js';
import { InvalidTokenError } from '../access-token/invalid-token-error.js';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';

/** What Passport takes for a token: the verified one, or none and why. */
type Verdict = VerifiedAccessToken | [false, { message: string }];

/** The Bearer scheme (RFC 6750) as a Passport strategy. */
export abstract class BearerStrategy {
  /** The name Passport knows the strategy by. */
  abstract readonly strategyName: string;
}

/** Registers the strategy of one app. Passport is one object a process, so each app's strategy has its own name. */
export function registerBearerStrategy(verifier: AccessTokenVerifier, realm: string): BearerStrategy {
  const strategyName = `bearer ${randomUUID()}`;

  class AppBearerStrategy
    extends PassportStrategy<typeof Strategy, VerifiedAccessToken, Verdict>(Strategy, strategyName)
    implements BearerStrategy, OnModuleDestroy
  {
    readonly strategyName = strategyName;

    /** A token that fails is an answer, not an error: what is thrown here reaches the caller without a challenge. */
    async validate({ method }: PresentedToken, token: string): Promise<Verdict> {
      try {
        return await verifier.verify(token, { method });
      } catch (error) {
        if (error instanceof InvalidTokenError) return [false, { message: error.message }];
        throw error;
      }
    }

    onModuleDestroy(): void {
      passport.unuse(strategyName);
    }
  }

  return new AppBearerStrategy({ realm, passReqToCallback: true });
}
