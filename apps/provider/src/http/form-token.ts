import { createHmac } from 'node:crypto';

/**
 * A token for a form of one of our pages, derived from a secret that only the browser's cookie holds: a page of another
 * site cannot know it. `purpose` ties it to one form and to what the form showed.
 */
export const formTokenOf = (cookieSecret: string, ...purpose: readonly string[]): string =>
  createHmac('sha256', cookieSecret).update(JSON.stringify(purpose)).digest('base64url');
