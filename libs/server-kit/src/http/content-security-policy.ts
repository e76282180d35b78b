/** What a page may do beyond loading its own style sheet and images. */
export interface ContentSecurity {
  /** Origins of further images. */
  readonly images?: readonly string[];
  /** Scripts that stand in the page, each by the source that allows it: `'sha256-…'`. */
  readonly scripts?: readonly string[];
  /** The one origin that may frame it. */
  readonly framedBy?: string | undefined;
}

/**
 * The directives of a page: it loads nothing but its own style sheet and images, runs no script and cannot be framed.
 * `form-action` is left out: Chromium applies it to the redirect that follows a form, and the consent form is followed
 * by one to the client.
 */
export const contentSecurityDirectives = ({
  images = [],
  scripts = [],
  framedBy = "'none'",
}: ContentSecurity = {}): Record<string, string[]> => ({
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', ...images],
  ...(scripts.length > 0 && { 'script-src': [...scripts] }),
  'base-uri': ["'none'"],
  'frame-ancestors': [framedBy],
});

/** The value of a `Content-Security-Policy` header for a page that may do more than others. */
export const contentSecurityPolicy = (security: ContentSecurity): string =>
  Object.entries(contentSecurityDirectives(security))
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join(';');
