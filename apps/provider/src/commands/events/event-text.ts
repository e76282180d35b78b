import { describeEvent } from '../../security-events/anomalies/describe-event.js';
import type { SecurityEvent } from '../../security-events/security-event.entity.js';
import { textTime } from '../text-table.js';

/** Characters that could move the cursor of a terminal or forge another line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Formats an event as one line. */
export function eventText(event: SecurityEvent): string {
  const { occurredAt, type, outcome, details, ...about } = event;
  const { userId: user, clientId: client, sessionId: session, grantId: grant, tokenId: token, address, actor } = about;
  const named = Object.entries({ user, client, session, grant, token, address, actor, ...details });
  const rest = named.flatMap(([name, value]) => (value === null || value === '' ? [] : [`${name}=${quoted(value)}`]));
  const line = [
    textTime(occurredAt),
    outcome === 'failure' ? 'REFUSED' : 'done   ',
    type,
    `(${describeEvent(event)})`,
    ...rest,
  ];
  return line.join(' ').replace(UNPRINTABLE, '\uFFFD');
}

const quoted = (value: string): string => (/[\s"]/.test(value) ? JSON.stringify(value) : value);
