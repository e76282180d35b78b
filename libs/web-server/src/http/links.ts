/** A link that a page offers as a next step. */
export interface Link {
  readonly href: string;
  readonly label: string;
}

export const START_PAGE: Link = { href: '/', label: 'Start page' };

/** Returns the path that signs the user in and then returns to a page. */
export const signInPath = (page: string): string => `/login?${new URLSearchParams({ return_to: page }).toString()}`;

/** Returns the link that signs the user in and then returns to a page. */
export const signInLink = (page: string): Link => ({ href: signInPath(page), label: 'Sign in again' });
