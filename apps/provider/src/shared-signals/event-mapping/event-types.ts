const SCHEMAS = 'https://schemas.openid.net/secevent';

/** The types of the events that are told, by the last part of their URI. */
export const EVENT_TYPES = {
  'session-revoked': `${SCHEMAS}/caep/event-type/session-revoked`,
  'credential-change': `${SCHEMAS}/caep/event-type/credential-change`,
  'account-disabled': `${SCHEMAS}/risc/event-type/account-disabled`,
  'account-enabled': `${SCHEMAS}/risc/event-type/account-enabled`,
  verification: `${SCHEMAS}/ssf/event-type/verification`,
  'stream-updated': `${SCHEMAS}/ssf/event-type/stream-updated`,
} as const;

/** The last part of the URI of an event type. */
export type EventTypeName = keyof typeof EVENT_TYPES;
