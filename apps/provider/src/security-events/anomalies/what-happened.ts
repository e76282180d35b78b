import type { SecurityEvent } from '../security-event.entity.js';
import { wordsOf } from '../event-words.js';
import { ANOMALY_RULES } from './anomaly-rules.js';

/** What happened, in a few words; of an anomaly, what its rule means. */
export function whatHappened({
  type,
  outcome,
  details,
}: Pick<SecurityEvent, 'type' | 'outcome'> & { readonly details: SecurityEvent['details'] }): string {
  const words = wordsOf(type, outcome);
  const rule = type === 'anomaly' ? ANOMALY_RULES.find(({ name }) => name === details?.rule) : undefined;
  return rule ? `${words}: ${rule.words.charAt(0).toLowerCase()}${rule.words.slice(1)}` : words;
}
