import { type Bound, CONNECTION_BOUNDS, type Limits } from '@trefoil/server-kit';
import type { WebServerConfig } from './config.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Returns the limits on what a sender can make every web server do, for the file `limits.ts` of an app. A network is an IPv4
 * address, or the first 64 bits of an IPv6 address.
 */
export const webServerLimits = (config: Pick<WebServerConfig, 'KEPT_FORMS_PER_ADDRESS' | 'SIGN_INS_PER_ADDRESS'>) =>
  ({
    'sign-in': {
      counts: 'Sign-ins that are started',
      per: 'network',
      of: 'requests',
      points: config.SIGN_INS_PER_ADDRESS,
      setting: 'SIGN_INS_PER_ADDRESS',
      windowSeconds: MINUTE,
    },
    'kept-form': {
      counts: 'Submitted forms that are kept because their session has ended',
      per: 'network',
      of: 'requests',
      points: config.KEPT_FORMS_PER_ADDRESS,
      setting: 'KEPT_FORMS_PER_ADDRESS',
      windowSeconds: HOUR,
    },
  }) satisfies Limits;

export type WebServerLimits = ReturnType<typeof webServerLimits>;

/** The started sign-ins of one browser. */
export const MOST_STARTED_SIGN_INS = 10;
/** Seconds within which a started sign-in can be finished. */
export const SIGN_IN_SECONDS = 10 * MINUTE;
/** Characters of the page to which a sign-in returns, and of `login_hint`. Longer values are ignored. */
export const LONGEST_RETURN_TO = 2000;
export const LONGEST_LOGIN_HINT = 512;

/** The kept forms of one browser. */
export const MOST_KEPT_FORMS = 10;
/** Seconds for which a form is kept. */
export const KEPT_FORM_SECONDS = HOUR;
/** Bytes of the fields of a kept form, as JSON in UTF-8. The text of a longer form stays in the page. */
export const LARGEST_KEPT_FORM = 16 * 1024;

/** The responses of APIs that one session may have open through the proxy on one replica at the same time. */
export const MOST_OPEN_API_RESPONSES = 20;
/** Bytes of one response of an API. */
export const LARGEST_API_RESPONSE = 64 * 1024 * 1024;
/** Seconds until an API begins its response, and between two parts of it. */
export const API_SECONDS = 10;

/** The bounds that every web server has, for the file `limits.ts` of an app. */
export const WEB_SERVER_BOUNDS: readonly Bound[] = [
  {
    of: 'Requests that one replica answers at the same time',
    most: '1000; further ones get 503 with `Retry-After`',
    setting: 'MOST_OPEN_REQUESTS',
  },
  { of: 'The body of a request', most: '64 KiB' },
  { of: 'The parameters of a query or form', most: '100' },
  ...CONNECTION_BOUNDS,
  { of: 'Started sign-ins of one browser', most: `${MOST_STARTED_SIGN_INS}; the oldest is removed` },
  { of: 'The time to finish a sign-in', most: `${SIGN_IN_SECONDS / MINUTE} min` },
  { of: 'The page to which a sign-in returns', most: `${LONGEST_RETURN_TO} characters; a longer one is ignored` },
  { of: '`login_hint` of another site', most: `${LONGEST_LOGIN_HINT} characters; a longer one is ignored` },
  { of: 'Requests for the metadata of the provider, by one replica', most: '1 in 1 s' },
  { of: 'Kept forms of one browser', most: `${MOST_KEPT_FORMS}; the oldest is removed` },
  { of: 'A kept form', most: `${LARGEST_KEPT_FORM / 1024} KiB; the text of a longer one stays in the page` },
  { of: 'The time for which a form is kept', most: `${KEPT_FORM_SECONDS / HOUR} h` },
  {
    of: 'Open responses of APIs through the proxy of one session, on one replica',
    most: String(MOST_OPEN_API_RESPONSES),
  },
  {
    of: 'A response of an API through the proxy',
    most: `${LARGEST_API_RESPONSE / 1024 / 1024} MiB; a longer one is reset`,
  },
  { of: 'The time until an API begins its response, and between two parts of it', most: `${API_SECONDS} s` },
  {
    of: 'The time in which the reader of a response through the proxy takes nothing, before it is reset',
    most: '30 s',
    setting: 'DOWNLOAD_IDLE_SECONDS',
  },
];
