import type { SecurityEventType } from './security-event-type.js';

/** Selects security events that fulfil every given condition. */
export interface EventFilter {
  readonly type?: SecurityEventType;
  readonly outcome?: 'success' | 'failure';
  readonly user?: string;
  readonly client?: string;
  readonly session?: string;
  readonly grant?: string;
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
}

const CONDITIONS: Record<keyof EventFilter, string> = {
  type: 'type =',
  outcome: 'outcome =',
  user: 'user_id =',
  client: 'client_id =',
  session: 'session_id =',
  grant: 'grant_id =',
  from: 'occurred_at >=',
  to: 'occurred_at <',
};

/** Returns the SQL conditions for a filter, and their parameters from `$1` on. */
export function conditionsOf(filter: EventFilter): { conditions: string[]; parameters: unknown[] } {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const value = filter[name as keyof EventFilter];
    if (value === undefined) continue;
    parameters.push(value);
    conditions.push(`${condition} $${parameters.length}`);
  }
  return { conditions, parameters };
}
