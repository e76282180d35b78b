import { Button } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { ProviderPage } from './pages/provider-page.js';
import { sendPage } from './pages/send-page.js';

const SCRIPT = 'document.forms[0].submit()';

/** As every page may, and this one script. No `form-action`: the form goes to wherever the client has registered. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');

/**
 * Sends a browser on with a form that it posts by itself; without JavaScript, when its person presses the button
 * (OAuth 2.0 Form Post Response Mode §2). No cache keeps it: it may hold a code.
 */
export function formPost(reply: FastifyReply, url: string, parameters: Readonly<Record<string, string>>): void {
  void reply.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
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
  );
}
