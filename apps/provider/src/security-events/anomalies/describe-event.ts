import type { SecurityEvent } from '../security-event.entity.js';
import { describeEventType } from '../event-descriptions.js';
import { ANOMALY_RULES } from './anomaly-rules.js';

/** Describes an event in a few words. For an anomaly, adds the description of its rule. */
export function describeEvent({
  type,
  outcome,
  details,
}: Pick<SecurityEvent, 'type' | 'outcome'> & { readonly details: SecurityEvent['details'] }): string {
  const text = describeEventType(type, outcome);
  const rule = type === 'anomaly' ? ANOMALY_RULES.find(({ name }) => name === details?.rule) : undefined;
  return rule ? `${text}: ${rule.description.charAt(0).toLowerCase()}${rule.description.slice(1)}` : text;
}
