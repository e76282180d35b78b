import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import type { UsageMeasure } from '../security-events/usage/usage.js';

/** What is counted, as people call it. */
export const USAGE_WORDS: Record<UsageMeasure, string> = {
  [GRANT_TYPE.authorizationCode]: 'Codes redeemed',
  [GRANT_TYPE.refreshToken]: 'Refreshes',
  [GRANT_TYPE.clientCredentials]: 'Machine tokens',
  [GRANT_TYPE.tokenExchange]: 'Exchanges',
  [GRANT_TYPE.deviceCode]: 'Devices connected',
  introspection: 'Introspections',
  refused: 'Refused',
};

/** Every measure, in the order in which they are shown. */
export const USAGE_MEASURES = Object.keys(USAGE_WORDS) as readonly UsageMeasure[];
