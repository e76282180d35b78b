import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * The headers of every answer. Pages load nothing but their own style sheet and images, run no script and cannot be
 * framed. `form-action` is left out: Chromium applies it to the redirect that follows a form, and the consent form is
 * followed by one to the client.
 */
export const securityHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // Other sites learn nothing, and this one can still check the Origin of its forms, which no-referrer would make null.
  referrerPolicy: { policy: 'same-origin' },
  frameguard: { action: 'deny' },
  // A client may sign people in through a pop-up, which needs its opener.
  crossOriginOpenerPolicy: false,
  // The answers of the protocol are read across origins, by clients that run in browsers.
  crossOriginResourcePolicy: false,
  crossOriginEmbedderPolicy: false,
};
