import { type Bound, CONNECTION_BOUNDS, type Limits } from '@trefoil/server-kit';
import type { ProviderConfig } from './config.js';

const MINUTE = 60;
const QUARTER_HOUR = 15 * MINUTE;

/**
 * Returns every limit on what a sender can make the provider do. docs/limits.md shows the table; a new limit is a line here.
 * A network is an IPv4 address, or the first 64 bits of an IPv6 address.
 */
export const limitsOf = (config: ProviderConfig) =>
  ({
    'authorization-request': {
      counts: 'Authorization requests that wait for a person to sign in or consent',
      per: 'network',
      of: 'requests',
      points: config.AUTHORIZATION_REQUESTS_PER_ADDRESS,
      setting: 'AUTHORIZATION_REQUESTS_PER_ADDRESS',
      windowSeconds: MINUTE,
    },
    'public-push': {
      counts: 'Authorization requests that public clients push',
      per: 'network',
      of: 'requests',
      points: config.PUBLIC_PUSHES_PER_ADDRESS,
      setting: 'PUBLIC_PUSHES_PER_ADDRESS',
      windowSeconds: MINUTE,
    },
    'device-authorization': {
      counts: 'Device authorizations that public clients request',
      per: 'network',
      of: 'requests',
      points: config.DEVICE_AUTHORIZATIONS_PER_ADDRESS,
      setting: 'DEVICE_AUTHORIZATIONS_PER_ADDRESS',
      windowSeconds: MINUTE,
    },
    'user-code': {
      counts: 'Wrong user codes of devices (RFC 8628 section 5.1)',
      per: 'network',
      of: 'failures',
      points: config.DEVICE_ATTEMPTS_PER_ADDRESS,
      setting: 'DEVICE_ATTEMPTS_PER_ADDRESS',
      windowSeconds: QUARTER_HOUR,
    },
    'sign-in-network': {
      counts: 'Failed sign-ins from browsers in which the person has not signed in before',
      per: 'network',
      of: 'failures',
      points: config.SIGN_IN_ATTEMPTS_PER_ADDRESS,
      setting: 'SIGN_IN_ATTEMPTS_PER_ADDRESS',
      windowSeconds: QUARTER_HOUR,
    },
    'sign-in-account-network': {
      counts: 'Failed sign-ins to one account',
      per: 'account and network, or account and browser if the person has signed in there before',
      of: 'failures',
      points: config.SIGN_IN_ATTEMPTS_PER_ACCOUNT,
      setting: 'SIGN_IN_ATTEMPTS_PER_ACCOUNT',
      windowSeconds: QUARTER_HOUR,
    },
    'sign-in-account': {
      counts: 'Failed sign-ins to one account from browsers in which the person has not signed in before',
      per: 'account',
      of: 'failures',
      points: config.SIGN_IN_ATTEMPTS_FROM_EVERYWHERE,
      setting: 'SIGN_IN_ATTEMPTS_FROM_EVERYWHERE',
      windowSeconds: QUARTER_HOUR,
    },
    'client-authentication': {
      counts: 'Failed client authentications, wrong registration tokens included',
      per: 'network',
      of: 'requests',
      points: config.CLIENT_FAILURES_PER_ADDRESS,
      setting: 'CLIENT_FAILURES_PER_ADDRESS',
      windowSeconds: MINUTE,
    },
    'public-token-refusal': {
      counts: 'Refused token requests of public clients',
      per: 'network',
      of: 'requests',
      points: config.CLIENT_FAILURES_PER_ADDRESS,
      setting: 'CLIENT_FAILURES_PER_ADDRESS',
      windowSeconds: MINUTE,
    },
    'token-revocation': {
      counts: 'Revocations at `/revoke`',
      per: 'client, and network if the client is public',
      of: 'requests',
      points: config.REVOCATIONS_PER_CLIENT,
      setting: 'REVOCATIONS_PER_CLIENT',
      windowSeconds: MINUTE,
    },
    'client-document': {
      counts: 'Requests for client metadata documents',
      per: 'client if it is known, otherwise host of the document',
      of: 'requests',
      points: 60,
      windowSeconds: MINUTE,
    },
  }) satisfies Limits;

export type ProviderLimits = ReturnType<typeof limitsOf>;

/** Characters of these parameters of an authorization request. The RFCs have no limit. */
export const LONGEST_STATE = 2048;
export const LONGEST_NONCE = 1024;
export const LONGEST_LOGIN_HINT = 512;
export const LONGEST_CLAIMS = 8192;

/** The pending authorizations of one browser. */
export const MOST_PENDING_AUTHORIZATIONS = 20;

/** The exports of events that one user may have open on one replica at the same time. */
export const OPEN_STREAMS = 4;

/** Bounds on the size and number of things, for docs/limits.md. */
export const BOUNDS: readonly Bound[] = [
  {
    of: 'Requests that one replica answers at the same time',
    most: '1000; further ones get 503 with `Retry-After`',
    setting: 'MOST_OPEN_REQUESTS',
  },
  { of: 'The body of a request', most: '64 KiB' },
  { of: 'The parameters of a query or form', most: '100' },
  { of: '`state` of an authorization request or a sign-out request', most: `${LONGEST_STATE} characters` },
  { of: '`nonce` of an authorization request', most: `${LONGEST_NONCE} characters` },
  { of: '`login_hint` of an authorization request', most: `${LONGEST_LOGIN_HINT} characters` },
  { of: '`claims` of an authorization request', most: `${LONGEST_CLAIMS} characters` },
  { of: 'Pending authorizations of one browser', most: `${MOST_PENDING_AUTHORIZATIONS}; the oldest is removed` },
  { of: 'Open exports of events of one user, on one replica', most: String(OPEN_STREAMS) },
  {
    of: 'The time for which the reader of an export may take nothing',
    most: '30 s, and 3 s during a shutdown',
    setting: 'STREAM_IDLE_SECONDS',
  },
  ...CONNECTION_BOUNDS,
  { of: 'Polls of one event stream that wait at a replica', most: '1; a newer one ends the wait of an older one' },
  { of: 'Logout tokens that a replica sends to one client at a time', most: '4; one while the client does not answer' },
];
