import { Injectable } from '@nestjs/common';
import type { Permission } from '@trefoil/ui';
import { describePermissions } from '../authorization/consent/describe-permissions.js';
import { Clients } from '../clients/clients.js';
import { Consents } from '../grants/consents.js';
import { Grants } from '../grants/grants.js';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { describeEvent } from '../security-events/anomalies/describe-event.js';
import { eventForUser } from '../security-events/event-for-user.js';
import { SecurityEventLog } from '../security-events/security-event-log.js';
import type { SecurityEvent } from '../security-events/security-event.entity.js';
import type { SignedIn } from '../sessions/session-cookie.js';
import { Sessions } from '../sessions/sessions.js';
import { describeOrigin } from './describe-origin.js';
import type { EventRow } from './event-table.js';

const EVENTS = 20;

/** A session of the signed-in user. */
export interface OwnSession {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly authenticatedAt: Date;
  /** The user agent and address of the sign-in; empty when they are no longer known. */
  readonly origin: string;
}

/** An application that the user has given access. */
export interface OwnApplication {
  readonly clientId: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** When the user consented; null when the application has access without a consent. */
  readonly allowedAt: Date | null;
  /** Whether the application has a live grant, so that it can act without the user. */
  readonly hasAccess: boolean;
}

/** The content of the account page. */
export interface AccountOverview {
  readonly sessions: readonly OwnSession[];
  readonly applications: readonly OwnApplication[];
  readonly events: readonly EventRow[];
  /** The id of the last event shown; undefined when no more events follow. */
  readonly nextCursor: string | undefined;
}

/** Collects the content of the account page. */
@Injectable()
export class AccountOverviews {
  constructor(
    private readonly sessions: Sessions,
    private readonly consents: Consents,
    private readonly grants: Grants,
    private readonly clients: Clients,
    private readonly resourceServers: ResourceServers,
    private readonly log: SecurityEventLog,
  ) {}

  /**
   * Returns the overview of a user.
   *
   * @param before the id of the last event on the previous page.
   */
  async of(signedIn: SignedIn, before: string | undefined): Promise<AccountOverview> {
    const { events, more } = await this.log.page({ user: signedIn.user.id }, { before, limit: EVENTS });
    const names = await this.clients.namesOf(events.flatMap(({ clientId }) => clientId ?? []));
    return {
      sessions: await this.sessionsOf(signedIn),
      applications: await this.applicationsOf(signedIn.user.id),
      events: events.map((event) => rowOf(event, names)),
      nextCursor: more ? events.at(-1)?.id : undefined,
    };
  }

  private async sessionsOf({ user, session }: SignedIn): Promise<OwnSession[]> {
    const live = await this.sessions.ofUser(user.id);
    const signIns = await this.log.signInsOf(
      user.id,
      live.map(({ id }) => id),
    );
    return live.map(({ id, authenticatedAt }) => {
      const signIn = signIns.get(id);
      return { id, authenticatedAt, isCurrent: id === session.id, origin: signIn ? describeOrigin(signIn) : '' };
    });
  }

  private async applicationsOf(userId: string): Promise<OwnApplication[]> {
    const consents = new Map((await this.consents.ofUser(userId)).map((consent) => [consent.clientId, consent]));
    const live = await this.grants.liveScopesOfUser(userId);
    const clientIds = [...new Set([...consents.keys(), ...live.keys()])];
    const names = await this.clients.namesOf(clientIds);
    const servers = await this.resourceServers.all();
    return clientIds.map((clientId) => ({
      clientId,
      name: names.get(clientId) ?? clientId,
      permissions: describePermissions(
        [...new Set([...(consents.get(clientId)?.scopes ?? []), ...(live.get(clientId) ?? [])])],
        servers,
      ),
      allowedAt: consents.get(clientId)?.grantedAt ?? null,
      hasAccess: live.has(clientId),
    }));
  }
}

function rowOf(event: SecurityEvent, names: ReadonlyMap<string, string>): EventRow {
  const { id, occurredAt, clientId, address, agent, byOperator, details } = eventForUser(event);
  const client = clientId === null ? undefined : (names.get(clientId) ?? clientId);
  const fields = details.fields?.replaceAll(' ', ', ').replaceAll('_', ' ');
  const about = [client, fields, details.reason, byOperator ? 'by an administrator' : undefined];
  const from = describeOrigin({ address: details.network ?? address, agent });
  return { id, occurredAt, what: describeEvent(event), about: about.filter(Boolean).join(', '), from };
}
