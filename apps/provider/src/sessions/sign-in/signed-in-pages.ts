import { Inject, Injectable } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import type { LayoutProps } from '@trefoil/ui';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OwnPage } from '../../authorization/interaction/authorization-request.js';
import { PendingAuthorizations } from '../../authorization/interaction/pending-authorizations.js';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { seeOther } from '../../http/replies.js';
import { SessionCookie, type SignedIn } from '../session-cookie.js';

/** Protects the provider's own pages, for which people sign in as they do for any application. */
@Injectable()
export class SignedInPages {
  constructor(
    private readonly pending: PendingAuthorizations,
    private readonly sessionCookie: SessionCookie,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** Returns the signed-in user. If there is none, redirects the browser to the sign-in page and returns undefined. */
  async requireUser(request: FastifyRequest, reply: FastifyReply, ownPage: OwnPage): Promise<SignedIn | undefined> {
    const signedIn = await this.sessionCookie.read(request);
    if (signedIn) return signedIn;
    const { ISSUER } = this.config;
    const id = await this.pending.add(request, reply, {
      ...{ clientId: ISSUER, redirectUri: `${ISSUER}${ownPage}`, responseMode: 'query', ownPage },
      ...{ scopes: [], resources: [], prompt: [] },
    });
    seeOther(reply, `/login?authorization=${id}`);
    return undefined;
  }

  /**
   * Does the same as {@link requireUser} for a page of administrators.
   *
   * @throws ProblemError 403 when the user is not an administrator.
   */
  async requireAdministrator(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined> {
    const signedIn = await this.requireUser(request, reply, '/admin');
    if (!signedIn || signedIn.user.administrator) return signedIn;
    throw new ProblemError(403, 'This page is for administrators', {
      detail: `You are signed in as ${signedIn.user.email}. Sign out, then sign in with an administrator’s account.`,
    });
  }

  /** Returns the token for the forms of a page. */
  formToken(request: FastifyRequest, ownPage: OwnPage): string {
    return this.sessionCookie.formToken(request, ownPage);
  }

  /**
   * Reads a form of a page.
   *
   * @throws ProblemError 403 when its form token was not made for this page and session.
   */
  readForm(request: FastifyRequest, ownPage: OwnPage, body: RawParameters): Parameters {
    const form = Parameters.from(body);
    this.sessionCookie.checkFormToken(request, ownPage, form.get('form_token'));
    return form;
  }

  /** Returns the layout of a page: its width, the navigation and the signed-in user. */
  frame(request: FastifyRequest, { user }: SignedIn, current: OwnPage): Pick<LayoutProps, 'nav' | 'user' | 'width'> {
    const item = (href: OwnPage, label: string) => ({ href, label, current: href === current });
    return {
      width: 'wide',
      nav: [item('/account', 'Your account'), ...(user.administrator ? [item('/admin', 'Administration')] : [])],
      user: {
        name: user.email,
        href: '/account',
        signOut: { action: '/end-session', formToken: this.sessionCookie.formToken(request, 'sign-out') },
      },
    };
  }
}
