import { applyDecorators, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { SameOriginGuard } from '@trefoil/server-kit';
import { FormTokenGuard } from '../forms/form-token.guard.js';
import { OptionalSessionGuard } from '../session/optional-session.guard.js';
import { SessionGuard } from '../session/session.guard.js';
import { PageErrorFilter } from './page-error.filter.js';
import { PageInterceptor } from '../http/page.interceptor.js';

const pages = applyDecorators(UseFilters(PageErrorFilter), UseInterceptors(PageInterceptor));

/** Makes the handlers of a controller pages for everybody; they see the session if there is one. */
export const PublicPages = () => applyDecorators(UseGuards(SameOriginGuard, OptionalSessionGuard), pages);

/** Makes the handlers of a controller pages that any other site may send people to, also with a form. */
export const OpenPages = () => applyDecorators(UseGuards(OptionalSessionGuard), pages);

/** Makes the handlers of a controller pages for signed-in people, and lets only their own forms change something. */
export const SignedInPages = () => applyDecorators(UseGuards(SameOriginGuard, SessionGuard, FormTokenGuard), pages);
