import type { ContentSecurity } from '@trefoil/server-kit';
import { Button } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { ProviderPage } from '../../http/provider-page.js';
import { sendPage } from '../../http/replies.js';

const SCRIPT = 'document.forms[0].submit()';

const SCRIPT_SOURCE = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;

/**
 * What the page may do: run its one script, and be framed by the site to which its form goes, which is how a client renews
 * a sign-in in silence. Nobody can be tricked in that frame: its one button does what the script does anyway, and whoever
 * has to be asked something is asked on pages that cannot be framed. `X-Frame-Options`, which knows no such exception,
 * counts for nothing beside it (Content Security Policy Level 3 §6.4.2.2).
 */
const securityFor = (url: string): ContentSecurity => ({ scripts: [SCRIPT_SOURCE], framedBy: siteOf(url) });

/** The origin of a web site; undefined of an app's own scheme, and of an IPv6 address, which no policy can name. */
function siteOf(url: string): string | undefined {
  const { protocol, origin, host } = new URL(url);
  return /^https?:$/.test(protocol) && !host.startsWith('[') ? origin : undefined;
}

/**
 * Sends a browser on with a form that it posts by itself; without JavaScript, when its person presses the button
 * (OAuth 2.0 Form Post Response Mode §2). No cache keeps it: it may hold a code.
 */
export function formPost(reply: FastifyReply, url: string, parameters: Readonly<Record<string, string>>): void {
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
