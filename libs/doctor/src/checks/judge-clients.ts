import type { Outcome, Problem } from '../check.js';
import type { ClientFacts } from '../observations/clients.js';
import type { Observations } from '../observations/observe.js';

/** Judges each client of the installation. */
export function judgeClients(
  { clients: list }: Observations,
  judge: (client: ClientFacts) => readonly Problem[],
): Outcome {
  if ('unread' in list) return { skipped: list.unread };
  return { problems: list.clients.flatMap(judge), evidence: `${list.clients.length} clients` };
}

/** Returns the texts of a list of a client. */
export function textsOf({ members }: ClientFacts, member: string): string[] {
  const value = members[member];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}
