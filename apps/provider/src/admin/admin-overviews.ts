import { Injectable } from '@nestjs/common';
import { describeOrigin } from '../account/describe-origin.js';
import type { EventRow } from '../account/event-table.js';
import { describeEvent } from '../security-events/anomalies/describe-event.js';
import { Clients } from '../clients/clients.js';
import type { EventFilter } from '../security-events/event-filter.js';
import { SecurityEventLog } from '../security-events/security-event-log.js';
import type { SecurityEvent } from '../security-events/security-event.entity.js';
import { Usage, type UsageBucket, type UsageSelection } from '../security-events/usage/usage.js';
import { Users } from '../users/users.js';

const DAY_MILLISECONDS = 24 * 3600 * 1000;
const BUSIEST = 10;

/** One page of events. */
export interface EventList {
  readonly rows: readonly EventRow[];
  /** The id of the last event shown; undefined when no more events follow. */
  readonly nextCursor: string | undefined;
}

/** The usage of one user or client in the last 24 hours. */
export interface UsageRow {
  readonly name: string;
  readonly href: string;
  readonly counts: UsageBucket['counts'];
}

/** Collects the content of the administration pages. */
@Injectable()
export class AdminOverviews {
  constructor(
    private readonly log: SecurityEventLog,
    private readonly usage: Usage,
    private readonly clients: Clients,
    private readonly users: Users,
  ) {}

  /** Returns the events that match a filter, the newest first. */
  async events(filter: EventFilter, before: string | undefined, limit: number): Promise<EventList> {
    const { events, more } = await this.log.page(filter, { before, limit });
    const clients = await this.clients.namesOf(events.flatMap(({ clientId }) => clientId ?? []));
    const emails = await this.users.emailsOf(events.flatMap(({ userId, actor }) => [userId ?? [], actor ?? []].flat()));
    return {
      rows: events.map((event) => rowOf(event, clients, emails)),
      nextCursor: more ? events.at(-1)?.id : undefined,
    };
  }

  /** Returns the busiest applications of the last 24 hours. */
  async busiestClients(now = Date.now()): Promise<UsageRow[]> {
    const busiest = await this.usage.busiest('client', new Date(now - DAY_MILLISECONDS), BUSIEST);
    const names = await this.clients.namesOf(busiest.map(({ subject }) => subject));
    return busiest.map(({ subject, counts }) => ({
      ...{ name: names.get(subject) ?? subject, counts },
      href: `/admin/client?id=${encodeURIComponent(subject)}`,
    }));
  }

  /** Returns the busiest people of the last 24 hours. */
  async busiestUsers(now = Date.now()): Promise<UsageRow[]> {
    const busiest = await this.usage.busiest('user', new Date(now - DAY_MILLISECONDS), BUSIEST);
    const emails = await this.users.emailsOf(busiest.map(({ subject }) => subject));
    return busiest.map(({ subject, counts }) => ({
      ...{ name: emails.get(subject) ?? subject, counts },
      href: `/admin/user?id=${subject}`,
    }));
  }

  /** Returns the usage of one user or client in the last 24 hours, summed by measure. */
  async usageOf(selection: Pick<UsageSelection, 'client' | 'user'>, now = new Date()): Promise<UsageBucket['counts']> {
    const from = new Date(now.getTime() - DAY_MILLISECONDS);
    const { buckets } = await this.usage.page({ ...selection, from, to: now, limit: 25 });
    const sums: Record<string, number> = {};
    for (const { counts } of buckets) {
      for (const [measure, count] of Object.entries(counts)) sums[measure] = (sums[measure] ?? 0) + count;
    }
    return sums;
  }
}

type Names = ReadonlyMap<string, string>;

function rowOf(event: SecurityEvent, clients: Names, emails: Names): EventRow {
  const { id, occurredAt, userId, clientId, actor, details } = event;
  const figures = Object.entries(details ?? {})
    .filter(([name]) => name !== 'rule' && name !== 'subject')
    .map(([name, value]) => `${name}: ${value}`);
  const about = [
    userId && (emails.get(userId) ?? userId),
    clientId && (clients.get(clientId) ?? clientId),
    ...figures,
    actor && `by ${emails.get(actor) ?? actor}`,
  ];
  const what = describeEvent(event);
  return { id, occurredAt, what, about: about.filter(Boolean).join(', '), from: describeOrigin(event) };
}
