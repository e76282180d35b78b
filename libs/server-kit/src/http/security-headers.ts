import type { HelmetOptions } from 'helmet';
import { contentSecurityDirectives } from './content-security-policy.js';

/** The headers of every answer; a page that needs more than the policy here says so with `contentSecurityPolicy`. */
export const securityHeaders = {
  contentSecurityPolicy: { useDefaults: false, directives: contentSecurityDirectives() },
  // Other sites learn nothing, and this one can still check the Origin of its forms, which no-referrer would make null.
  referrerPolicy: { policy: 'same-origin' },
  frameguard: { action: 'deny' },
  // A client may sign people in through a pop-up, which needs its opener.
  crossOriginOpenerPolicy: false,
  // The answers of the protocol are read across origins, by clients that run in browsers.
  crossOriginResourcePolicy: false,
  crossOriginEmbedderPolicy: false,
} satisfies HelmetOptions;
