import { applyDecorators, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { SameOriginGuard } from '@trefoil/server-kit';
import { FormPageGuard } from '../forms/form-page.js';
import { FormTokenGuard } from '../forms/form-token.guard.js';
import { PageInterceptor } from '../http/page.interceptor.js';
import { OptionalSessionGuard, SessionGuard } from '../session/session.guard.js';
import { PageErrorFilter } from './page-error.filter.js';

const pages = applyDecorators(UseFilters(PageErrorFilter), UseInterceptors(PageInterceptor));

/** Marks a controller whose pages need no sign-in. Its handlers receive the session if there is one. */
export const PublicPages = () => applyDecorators(UseGuards(SameOriginGuard, OptionalSessionGuard), pages);

/** Marks a controller whose pages need no sign-in and also accept forms of other sites. */
export const CrossSitePages = () => applyDecorators(UseGuards(OptionalSessionGuard), pages);

/** Marks a controller whose pages need a sign-in and accept only forms of this site, with a form token. */
export const SignedInPages = () =>
  applyDecorators(UseGuards(SameOriginGuard, FormPageGuard, SessionGuard, FormTokenGuard), pages);
