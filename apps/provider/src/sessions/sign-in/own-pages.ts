import { Inject, Injectable } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import type { LayoutProps } from '@trefoil/ui';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { OwnPage } from '../../authorization/interaction/authorization-request.js';
import { PendingAuthorizations } from '../../authorization/interaction/pending-authorizations.js';
import { SessionCookie, type SignedIn } from '../session-cookie.js';
import { seeOther } from '../../http/replies.js';

/** The provider's own pages, for which people sign in as they do for any application. */
@Injectable()
export class OwnPages {
  constructor(
    private readonly pending: PendingAuthorizations,
    private readonly sessionCookie: SessionCookie,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** Who is signed in; undefined when nobody is, and the browser has been sent to do so and come back. */
  async open(request: FastifyRequest, reply: FastifyReply, ownPage: OwnPage): Promise<SignedIn | undefined> {
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

  /** As {@link open}, for an administrator. */
  async openForAdministrator(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined> {
    const signedIn = await this.open(request, reply, '/admin');
    if (!signedIn || signedIn.user.administrator) return signedIn;
    throw new ProblemError(403, 'This page is for administrators', {
      detail: `You are signed in as ${signedIn.user.email}. Sign out, then sign in with an administrator’s account.`,
    });
  }

  /** The token for the forms of a page. */
  formToken(request: FastifyRequest, ownPage: OwnPage): string {
    return this.sessionCookie.formToken(request, ownPage);
  }

  /**
   * What a form of a page says.
   *
   * @throws ProblemError 403 when it did not come from our page as this session was shown it.
   */
  readForm(request: FastifyRequest, ownPage: OwnPage, body: RawParameters): Parameters {
    const form = Parameters.from(body);
    if (this.sessionCookie.isFormToken(request, ownPage, form.get('form_token'))) return form;
    throw new ProblemError(403, 'This page was out of date', { detail: 'Go back, reload the page and try again.' });
  }

  /** The frame of a page: where else one can go, and who is signed in. */
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
