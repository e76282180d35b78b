import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';

/** Calls the listener once, with the error for the caller, when the token is revoked. Returns a function that removes it. */
type SubscribeToRevocation = (listener: (error: unknown) => void) => () => void;

const accepted = new WeakMap<object, { token: VerifiedAccessToken; subscribe: SubscribeToRevocation }>();

/** Remembers the token that a request was accepted with. */
export function rememberAccessToken(
  request: object,
  token: VerifiedAccessToken,
  subscribe: SubscribeToRevocation,
): void {
  accepted.set(request, { token, subscribe });
}

/** Returns the token that a request was accepted with; undefined on public routes. */
export const accessTokenOf = (request: object): VerifiedAccessToken | undefined => accepted.get(request)?.token;

/** Returns the function that reports the revocation of a request's token; undefined on public routes. */
export const revocationSubscriptionOf = (request: object): SubscribeToRevocation | undefined =>
  accepted.get(request)?.subscribe;

/**
 * Injects the {@link VerifiedAccessToken} of the request into a parameter of a handler.
 *
 * @throws Error on a public route, where no token is verified.
 */
export const Token = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedAccessToken => {
  const token = accessTokenOf(context.switchToHttp().getRequest<object>());
  if (!token) throw noAccessToken(context);
  return token;
});

/** Returns the error for a handler that needs a token, on a route that accepts requests without one. */
export const noAccessToken = (context: ExecutionContext): Error =>
  new Error(
    `${context.getClass().name}.${context.getHandler().name} has no access token. ` +
      'Guard the route with BearerGuard, and give it the rule @UserRoute or @MachineRoute.',
  );
