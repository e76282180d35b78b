import type { KeyLifecycle } from '../../keys/key-lifecycle.js';
import { signingKeyJson } from '../../keys/signing-key-json.js';
import type { Answer } from '../command-tools.js';
import { textTable, textTime } from '../text-table.js';

/** Returns the answer that lists signing keys and the times of their lifecycle. */
export const keyAnswer = (keys: readonly KeyLifecycle[]): Answer => ({
  json: keys.map(signingKeyJson),
  text: textTable(
    ['KEY', 'ALGORITHM', 'STATE', 'SIGNS FROM', 'SIGNS UNTIL', 'RETIRES'],
    keys.map((key) => [
      key.kid,
      key.algorithm,
      key.state,
      textTime(key.signsFrom),
      key.signsUntil ? textTime(key.signsUntil) : '-',
      key.retiresAt ? textTime(key.retiresAt) : '-',
    ]),
  ),
});
