import { Inject, Injectable } from '@nestjs/common';
import { ResponseSigner } from '@trefoil/token-issuance';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { SessionIds } from '../../sessions/session-ids.js';
import { Subjects } from '../../users/subjects.js';
import {
  EVENT_TYPES,
  type EventTypeName,
  type MappedEvent,
  type SubjectNaming,
} from '../event-mapping/event-mapping.js';
import { mappingOf, mappingsFor } from '../event-mapping/event-mappings.js';
import type { EventStream } from '../streams/event-stream.entity.js';
import { type StreamNotice, StreamNotices } from '../streams/stream-notices.js';
import { type PendingEvent, StreamOutbox } from '../streams/stream-outbox.js';

/** The algorithm that every receiver must support (CAEP Interoperability Profile 1.0 §2.6). */
const ALGORITHM = 'RS256';

/** A security event token to deliver. */
export interface SecurityEventToken {
  readonly jti: string;
  /** The signed token (RFC 8417 §2). */
  readonly token: string;
  /** When the event occurred. */
  readonly occurredAt: Date;
}

/** The tokens that a stream must deliver next. */
export interface NextTokens {
  readonly tokens: readonly SecurityEventToken[];
  /** Whether the stream has more tokens than the limit. */
  readonly moreAvailable: boolean;
}

/** Issues the security event tokens of streams (RFC 8417, SSF 1.0 §4.1): no `sub`, no `exp`, exactly one event each. */
@Injectable()
export class SecurityEventTokens {
  constructor(
    private readonly outbox: StreamOutbox,
    private readonly notices: StreamNotices,
    private readonly signer: ResponseSigner,
    private readonly clients: Clients,
    private readonly resourceServers: ResourceServers,
    private readonly subjects: Subjects,
    private readonly sessionIds: SessionIds,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * Issues the tokens for events that are not acknowledged, up to a limit. Events about the stream itself come first.
   */
  async next(stream: EventStream, limit: number): Promise<NextTokens> {
    const notices = await this.notices.of(stream.id, limit + 1);
    const room = limit + 1 - notices.length;
    const pending = room === 0 ? [] : await this.outbox.pending(stream, mappingsFor(stream.eventsRequested), room);
    const delivered = notices.slice(0, limit);
    return {
      tokens: [
        ...(await this.issueForNotices(stream, delivered)),
        ...(await this.issueForEvents(stream, pending.slice(0, limit - delivered.length))),
      ],
      moreAvailable: notices.length + pending.length > limit,
    };
  }

  /** Stores which events the receiver has accepted or finally refused. */
  async acknowledge(stream: EventStream, jtis: readonly string[]): Promise<void> {
    if (jtis.length === 0) return;
    await this.notices.acknowledge(stream.id, jtis);
    await this.outbox.acknowledge(stream, jtis, mappingsFor(stream.eventsRequested));
  }

  /** Advances a stream past the events that it does not deliver. */
  async advance(stream: EventStream): Promise<void> {
    await this.outbox.advance(stream, mappingsFor(stream.eventsRequested));
  }

  /** Issues tokens for security events; none when the client of the stream is disabled or no longer exists. */
  private async issueForEvents(
    { clientId }: EventStream,
    pending: readonly PendingEvent[],
  ): Promise<SecurityEventToken[]> {
    const client = pending.length === 0 ? null : await this.clients.find(clientId);
    if (!client) return [];
    const naming = await this.namingFor(client);
    return Promise.all(
      pending.map(async ({ jti, signal, event }) => {
        const { name, map } = mappingOf(signal);
        const txn = event.requestId ?? undefined;
        const token = await this.sign(clientId, name, map(event, naming), { jti, txn });
        return { jti, token, occurredAt: event.occurredAt };
      }),
    );
  }

  /** Issues tokens for events about the stream itself (SSF 1.0 §8.1.4.1, §8.1.5). */
  private issueForNotices(
    { id, clientId }: EventStream,
    notices: readonly StreamNotice[],
  ): Promise<SecurityEventToken[]> {
    const subject = { format: 'opaque', id };
    return Promise.all(
      notices.map(async ({ id: jti, signal, content, createdAt }) => {
        const members = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
        const token = await this.sign(clientId, signal, { subject, members }, { jti });
        return { jti, token, occurredAt: createdAt };
      }),
    );
  }

  /**
   * Returns the names for a receiver: a resource server knows users by the public `sub`, other clients by their own.
   */
  private async namingFor(client: Client): Promise<SubjectNaming> {
    const servers = await this.resourceServers.all();
    const isResourceServer = servers.some(({ clientId }) => clientId === client.clientId);
    const exchanges = await this.exchangesOf(servers);
    return {
      iss: this.config.ISSUER,
      sub: (userId) => (isResourceServer ? userId : this.subjects.of(client, userId)),
      sid: (sessionId) => this.sessionIds.of(client, sessionId),
      audiences: (audience) => reachableFrom(audience, exchanges),
    };
  }

  /** Returns for each resource server those for which it can exchange the tokens that it receives. */
  private async exchangesOf(servers: readonly ResourceServer[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const entries = servers.map(async ({ identifier, clientId }) => {
      const client = clientId === null ? null : await this.clients.find(clientId);
      return [identifier, client?.tokenExchangeResources ?? []] as const;
    });
    return new Map(await Promise.all(entries));
  }

  private sign(
    aud: string,
    name: EventTypeName,
    { subject, members }: MappedEvent,
    claims: { readonly jti: string; readonly txn?: string | undefined },
  ): Promise<string> {
    return this.signer.sign(ALGORITHM, {
      iss: this.config.ISSUER,
      aud,
      typ: 'secevent+jwt',
      claims: { ...claims, sub_id: subject, events: { [EVENT_TYPES[name]]: members } },
    });
  }
}

function reachableFrom(audience: string, exchanges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const reached = new Set([audience]);
  // A set is iterated up to its end, with the values that are added meanwhile.
  for (const server of reached) for (const next of exchanges.get(server) ?? []) reached.add(next);
  return [...reached];
}
