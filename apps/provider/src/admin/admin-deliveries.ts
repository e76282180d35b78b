import { Injectable } from '@nestjs/common';
import { Clients } from '../clients/clients.js';
import { LogoutDeliveries } from '../sessions/logout-deliveries.js';
import { EventStreams } from '../shared-signals/streams/event-streams.js';

const LOGOUTS = 20;

/** The state of one delivery to a client. */
export interface DeliveryRow {
  readonly clientName: string;
  /** The content and the method of the delivery, in words. */
  readonly what: string;
  readonly state: string;
  /** When the state began, or when the client was last active. */
  readonly at: Date;
  /** Why the last attempt failed, or why the stream is paused or disabled. */
  readonly reason: string;
}

/** Collects the deliveries to clients: event streams, and logout tokens that were not delivered. */
@Injectable()
export class AdminDeliveries {
  constructor(
    private readonly streams: EventStreams,
    private readonly logouts: LogoutDeliveries,
    private readonly clients: Clients,
  ) {}

  /** Returns the state of every stream and of the newest undelivered logout tokens. */
  async list(): Promise<DeliveryRow[]> {
    const [streams, logouts] = await Promise.all([this.streams.all(), this.logouts.undelivered(LOGOUTS)]);
    const names = await this.clients.namesOf([...streams, ...logouts].map(({ clientId }) => clientId));
    const nameOf = (clientId: string): string => names.get(clientId) ?? clientId;
    return [
      ...streams.map((stream) => ({
        clientName: nameOf(stream.clientId),
        what: stream.delivery === 'push' ? 'Security events, pushed' : 'Security events, fetched',
        state: stream.failingSince ? `${stream.status}, failing` : stream.status,
        at: stream.failingSince ?? stream.activeAt,
        reason: stream.lastError ?? stream.statusReason ?? '',
      })),
      ...logouts.map((logout) => ({
        clientName: nameOf(logout.clientId),
        what: 'The end of a session',
        state: logout.givenUpAt ? 'given up' : `waiting, ${logout.attempts} attempts`,
        at: logout.givenUpAt ?? logout.createdAt,
        reason: logout.lastError ?? '',
      })),
    ];
  }
}
