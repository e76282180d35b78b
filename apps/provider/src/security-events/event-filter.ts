import type { SecurityEventType } from './security-event-type.js';

/** Which security events are wanted: those that are all of this. */
export interface EventFilter {
  readonly type?: SecurityEventType;
  readonly outcome?: 'success' | 'failure';
  readonly user?: string;
  readonly client?: string;
  readonly session?: string;
  readonly grant?: string;
  readonly from?: Date;
  /** Those before it. */
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

/** The conditions of a query for some events, and the parameters `$1` and on that they name. */
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
