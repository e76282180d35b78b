import type { ContentSecurity } from '@trefoil/server-kit';
import { Button } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { ProviderPage } from '../../http/provider-page.js';
import { sendPage } from '../../http/replies.js';

const SCRIPT = 'document.forms[0].submit()';

const SCRIPT_SOURCE = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;

/**
 * Returns the content security policy of the page: it may run its one script, and the site that receives the form may
 * frame it, because clients renew a sign-in silently in a frame. Clickjacking is no risk there: the only button does
 * the same as the script, and the pages that ask the user something cannot be framed. Browsers ignore
 * `X-Frame-Options`, which allows no such exception, when `frame-ancestors` is present (Content Security Policy Level 3
 * §6.4.2.2).
 */
const securityFor = (url: string): ContentSecurity => ({ scripts: [SCRIPT_SOURCE], framedBy: siteOf(url) });

/** Returns the origin of a URL; undefined for private-use schemes and for IPv6 addresses, which no policy can name. */
function siteOf(url: string): string | undefined {
  const { protocol, origin, host } = new URL(url);
  return /^https?:$/.test(protocol) && !host.startsWith('[') ? origin : undefined;
}

/**
 * Sends a page with a form that posts the response to the client (OAuth 2.0 Form Post Response Mode §2). A script
 * submits the form; without JavaScript the user presses its button. The page is not cached, because it may hold a code.
 */
export function sendFormPost(reply: FastifyReply, url: string, parameters: Readonly<Record<string, string>>): void {
  sendPage(
    reply,
    <ProviderPage title="One moment" lead="You are being sent back to the application.">
      <form method="post" action={url} class="form">
        {Object.entries(parameters).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Button id="continue">Continue</Button>
      </form>
      <script dangerouslySetInnerHTML={{ __html: SCRIPT }} />
    </ProviderPage>,
    200,
    securityFor(url),
  );
}
