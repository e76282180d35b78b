/** What a page may do beyond loading its own style sheet and images. */
export interface ContentSecurity {
  /** Origins of further images. */
  readonly images?: readonly string[];
}

/**
 * The directives of a page: it loads nothing but its own style sheet and images, runs no script and cannot be framed.
 * `form-action` is left out: Chromium applies it to the redirect that follows a form, and the consent form is followed
 * by one to the client.
 */
export const contentSecurityDirectives = ({ images = [] }: ContentSecurity = {}): Record<string, string[]> => ({
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', ...images],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
});

/** The value of a `Content-Security-Policy` header for a page that may do more than others. */
export const contentSecurityPolicy = (security: ContentSecurity): string =>
  Object.entries(contentSecurityDirectives(security))
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join(';');
