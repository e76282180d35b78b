import type { ClientWithSecret } from '../../clients/administration/client-administration.js';
import { clientJson } from '../../clients/administration/client-json.js';
import type { Answer } from '../command-tools.js';
import { textList } from '../text-table.js';

const ONCE = '\n\nStore the secret now. Only its hash is kept, so it cannot be shown again.';

/** Returns the answer that shows a client, and its secret if the provider generated one. */
export function clientAnswer({ client, secret }: ClientWithSecret, { isChosen = false } = {}): Answer {
  const shown = isChosen || secret === undefined ? {} : { client_secret: secret };
  return {
    json: { ...clientJson(client), ...shown },
    text: textList({ client_id: client.clientId, ...shown }) + ('client_secret' in shown ? ONCE : ''),
  };
}
