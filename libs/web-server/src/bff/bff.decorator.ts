import { applyDecorators, type CanActivate, type Type, UseFilters, UseGuards } from '@nestjs/common';
import { BffRequestGuard } from './bff-request.guard.js';
import { SignInNeededFilter } from './sign-in-needed.filter.js';

/**
 * Marks a controller that only scripts of this site call. It answers 401 instead of redirects.
 *
 * @param guards Run after the check of the request's origin, so that a request of another site is no use of a session.
 */
export const BffRoutes = (...guards: Type<CanActivate>[]) =>
  applyDecorators(UseGuards(BffRequestGuard, ...guards), UseFilters(SignInNeededFilter));
