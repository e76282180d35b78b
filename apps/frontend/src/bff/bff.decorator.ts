import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { BffRequestGuard } from './bff-request.guard.js';
import { SignInNeededFilter } from './sign-in-needed.filter.js';

/** Marks a controller that only scripts of this site call. It answers 401 instead of redirects. */
export const BffRoutes = () => applyDecorators(UseGuards(BffRequestGuard), UseFilters(SignInNeededFilter));
