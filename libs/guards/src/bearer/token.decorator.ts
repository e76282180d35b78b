import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { accessTokenOf, type VerifiedAccessToken } from '../access-token/verified-access-token.js';

/**
 * Gives a handler the {@link VerifiedAccessToken} that its request was let in with.
 *
 * @throws Error on a public route, where there is none.
 */
export const Token = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedAccessToken => {
  const token = accessTokenOf(context.switchToHttp().getRequest<object>());
  if (!token) throw new Error(`${context.getClass().name}.${context.getHandler().name} has no token: is it guarded?`);
  return token;
});
