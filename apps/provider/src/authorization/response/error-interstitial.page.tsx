import { Button, ErrorPage } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import { BRAND } from '../../http/provider-page.js';
import { sendPage } from '../../http/replies.js';
import { hostOf } from '../interaction/authorization-pages.js';
import { type ResponseMode, withQuery } from './response-modes.js';

/**
 * Sends a page from which the user takes an error response to the client, by a link or by the button of a form. No script
 * and no redirect does it for the user, so that nobody can use `/authorize` as an open redirector (RFC 9700 §4.11.2).
 */
export function sendErrorInterstitial(
  reply: FastifyReply,
  { delivery }: Pick<ResponseMode, 'delivery'>,
  redirectUri: string,
  parameters: Readonly<Record<string, string>>,
): void {
  const label = `Continue to ${hostOf(redirectUri)}`;
  const next = delivery === 'query' ? [{ href: withQuery(redirectUri, parameters), label }] : [];
  sendPage(
    reply,
    <ErrorPage
      brand={BRAND}
      title="This sign-in cannot be completed"
      message="The application that sent you here is not registered by the operator of this server, so you are not sent back automatically. Continue only if you know its address."
      next={next}
    >
      {delivery === 'form' && (
        <form method="post" action={redirectUri} class="form">
          {Object.entries(parameters).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Button id="continue">{label}</Button>
        </form>
      )}
    </ErrorPage>,
    400,
  );
}
