import type { AnomalyRule } from './anomaly-rule.js';
import { failuresFromAddress } from './rules/failures-from-address.js';
import { failuresOfAccount } from './rules/failures-of-account.js';
import { failuresOfClient } from './rules/failures-of-client.js';
import { reuse } from './rules/reuse.js';
import { secondNetwork } from './rules/second-network.js';
import { unusualRate } from './rules/unusual-rate.js';

/** Every anomaly rule. A new rule is a file and a line here. */
export const ANOMALY_RULES: readonly AnomalyRule[] = [
  reuse,
  failuresOfAccount,
  failuresFromAddress,
  failuresOfClient,
  secondNetwork,
  unusualRate,
];
