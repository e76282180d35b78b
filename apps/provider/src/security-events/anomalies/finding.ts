import type { SecurityEvent } from '../security-event.entity.js';

/** Something unusual that a rule found. */
export interface Finding {
  /** What it is about; of one subject a rule flags one anomaly in its window. */
  readonly subject: string;
  /** Whom and what it concerns, as events name them. */
  readonly about: Partial<Pick<SecurityEvent, 'userId' | 'clientId' | 'sessionId' | 'grantId' | 'address'>>;
  /** What was seen, such as how often; never a secret. */
  readonly figures: Readonly<Record<string, string>>;
}
