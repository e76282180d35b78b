import { Inject, Injectable } from '@nestjs/common';
import { ResponseSigner } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { Clients } from '../../clients/clients.js';
import type { Client } from '../../clients/client.entity.js';
import type { EventStream } from '../streams/event-stream.entity.js';
import type { StreamNotice } from '../streams/stream-notices.js';
import type { PendingEvent } from '../streams/stream-outbox.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { Subjects } from '../../users/subjects.js';
import { EVENT_TYPES, type EventTypeName } from '../event-mapping/event-types.js';
import type { Naming, SubjectIdentifier } from '../event-mapping/event-mapping.js';
import { toldEvents } from '../event-mapping/event-mappings.js';

/** What every receiver must be able to verify (CAEP Interoperability Profile 1.0 §2.6). */
const ALGORITHM = 'RS256';

/** A security event token that is to be delivered. */
export interface SecurityEventToken {
  readonly jti: string;
  /** The signed token (RFC 8417 §2). */
  readonly token: string;
  /** When what it tells has happened. */
  readonly occurredAt: Date;
}

/** Issues security event tokens (RFC 8417, SSF 1.0 §4.1): no `sub`, no `exp`, exactly one event. */
@Injectable()
export class SecurityEventTokenIssuer {
  constructor(
    private readonly signer: ResponseSigner,
    private readonly clients: Clients,
    private readonly resourceServers: ResourceServers,
    private readonly subjects: Subjects,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** The tokens for what a receiver has still to be told; none when it is no client any more. */
  async ofEvents({ clientId }: EventStream, pending: readonly PendingEvent[]): Promise<SecurityEventToken[]> {
    const client = pending.length === 0 ? null : await this.clients.find(clientId);
    if (!client) return [];
    const naming = await this.namingFor(client);
    return Promise.all(
      pending.map(async ({ jti, signal, event }) => {
        const { name, tell } = toldEvents(signal);
        const { subject, members } = tell(event, naming);
        const txn = event.requestId ?? undefined;
        return {
          jti,
          token: await this.sign(clientId, { jti, txn, name, subject, members }),
          occurredAt: event.occurredAt,
        };
      }),
    );
  }

  /** The tokens that tell a receiver of its stream itself (SSF 1.0 §8.1.4.1, §8.1.5). */
  ofNotices({ id, clientId }: EventStream, notices: readonly StreamNotice[]): Promise<SecurityEventToken[]> {
    const subject = { format: 'opaque', id };
    return Promise.all(
      notices.map(async ({ id: jti, signal: name, content, createdAt }) => {
        const members = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
        return { jti, token: await this.sign(clientId, { jti, name, subject, members }), occurredAt: createdAt };
      }),
    );
  }

  /** A resource server knows a user by the `sub` of its access tokens, any other client by that of its ID tokens. */
  private async namingFor(client: Client): Promise<Naming> {
    const servers = await this.resourceServers.all();
    const isResourceServer = servers.some(({ clientId }) => clientId === client.clientId);
    return {
      iss: this.config.ISSUER,
      sub: (userId) => (isResourceServer ? userId : this.subjects.of(client, userId)),
    };
  }

  private sign(aud: string, { name, subject, members, ...claims }: SecurityEventClaims): Promise<string> {
    return this.signer.sign(ALGORITHM, {
      iss: this.config.ISSUER,
      aud,
      typ: 'secevent+jwt',
      claims: { ...claims, sub_id: subject, events: { [EVENT_TYPES[name]]: members } },
    });
  }
}

interface SecurityEventClaims {
  readonly jti: string;
  readonly txn?: string;
  readonly name: EventTypeName;
  readonly subject: SubjectIdentifier;
  readonly members: Readonly<Record<string, unknown>>;
}
