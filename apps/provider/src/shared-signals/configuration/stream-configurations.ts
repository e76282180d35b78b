import { Inject, Injectable } from '@nestjs/common';
import { encryptAtRest, ProblemError } from '@trefoil/server-kit';
import { isDeepStrictEqual } from 'node:util';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { DELIVERY_METHODS, type EventStream } from '../streams/event-stream.entity.js';
import type { StreamContent } from '../streams/event-streams.js';
import { OutboundError, OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import { deliveredEvents, SUPPORTED_EVENTS } from '../event-mapping/event-mappings.js';
import type { Delivery, StreamChange, StreamCreation } from './stream-requests.js';

/**
 * The members that the transmitter supplies. A receiver may repeat them, but must not change them (SSF 1.0 §8.1.1.3).
 */
const TRANSMITTER_SUPPLIED = [
  'iss',
  'aud',
  'events_supported',
  'events_delivered',
  'min_verification_interval',
  'inactivity_timeout',
] as const satisfies (keyof StreamChange)[];

/** Converts streams to the configurations that receivers see, and requests of receivers to streams (SSF 1.0 §8.1.1). */
@Injectable()
export class StreamConfigurations {
  constructor(
    private readonly outbound: OutboundFetcher,
    @Inject(CONFIG)
    private readonly config: Pick<
      ProviderConfig,
      'ISSUER' | 'ENCRYPTION_KEY' | 'STREAM_VERIFICATION_INTERVAL' | 'STREAM_INACTIVITY_TIMEOUT'
    >,
  ) {}

  /** Returns the configuration of a stream, without the authorization header of push requests. */
  represent({ id, clientId, delivery, endpointUrl, eventsRequested, description }: EventStream) {
    return {
      stream_id: id,
      iss: this.config.ISSUER,
      aud: clientId,
      events_supported: SUPPORTED_EVENTS,
      ...(eventsRequested && { events_requested: eventsRequested }),
      events_delivered: deliveredEvents(eventsRequested),
      delivery: { method: DELIVERY_METHODS[delivery], endpoint_url: endpointUrl ?? this.pollUrlOf(id) },
      min_verification_interval: this.config.STREAM_VERIFICATION_INTERVAL,
      // A push receiver sends no requests: it is active as long as it accepts events.
      ...(delivery === 'poll' && { inactivity_timeout: this.config.STREAM_INACTIVITY_TIMEOUT }),
      ...(description !== null && { description }),
    };
  }

  /**
   * Returns the content that a receiver requests for the stream with an id. Missing members get their defaults.
   *
   * @throws ProblemError 400 that names the field.
   */
  contentOf(id: string, { delivery, events_requested, description }: StreamCreation): StreamContent {
    return {
      ...this.deliveryOf(id, delivery ?? { method: DELIVERY_METHODS.poll }),
      eventsRequested: events_requested ?? null,
      description: description ?? null,
    };
  }

  /**
   * Returns the content of a stream after a change. Missing members stay as they are (SSF 1.0 §8.1.1.3).
   *
   * @throws ProblemError 400 that names the field.
   */
  changed(stream: EventStream, change: StreamChange): StreamContent {
    this.checkRepeated(stream, change);
    const { delivery, endpointUrl, authorizationHeader, eventsRequested, description } = stream;
    return {
      ...(change.delivery
        ? this.deliveryOf(stream.id, change.delivery)
        : { delivery, endpointUrl, authorizationHeader }),
      eventsRequested: change.events_requested ?? eventsRequested,
      description: change.description ?? description,
    };
  }

  /**
   * Returns the content of a stream after a replacement. Missing members get their defaults (SSF 1.0 §8.1.1.4).
   *
   * @throws ProblemError 400 that names the field.
   */
  replaced(stream: EventStream, replacement: StreamChange): StreamContent {
    this.checkRepeated(stream, replacement);
    return this.contentOf(stream.id, replacement);
  }

  private checkRepeated(stream: EventStream, change: StreamChange): void {
    const expected: Record<string, unknown> = this.represent(stream);
    for (const name of TRANSMITTER_SUPPLIED) {
      if (change[name] !== undefined && !isDeepStrictEqual(change[name], expected[name])) {
        throw badField(name, 'is set by the transmitter and must not be changed');
      }
    }
  }

  private deliveryOf(
    id: string,
    delivery: Delivery,
  ): Pick<StreamContent, 'delivery' | 'endpointUrl' | 'authorizationHeader'> {
    if (delivery.method === DELIVERY_METHODS.poll) {
      if (delivery.endpoint_url !== undefined && delivery.endpoint_url !== this.pollUrlOf(id)) {
        throw badField('delivery.endpoint_url', 'is set by the transmitter when events are polled');
      }
      return { delivery: 'poll', endpointUrl: null, authorizationHeader: null };
    }
    const { endpoint_url: endpointUrl, authorization_header: header } = delivery;
    this.checkAddress(endpointUrl);
    const authorizationHeader =
      header === undefined ? null : encryptAtRest(Buffer.from(header), this.config.ENCRYPTION_KEY, id);
    return { delivery: 'push', endpointUrl, authorizationHeader };
  }

  private checkAddress(url: string): void {
    try {
      this.outbound.checkUrl(url);
    } catch (error) {
      if (error instanceof OutboundError) throw badField('delivery.endpoint_url', error.message);
      throw error;
    }
  }

  private pollUrlOf(id: string): string {
    return `${this.config.ISSUER}/ssf/streams/${id}/poll`;
  }
}

const badField = (field: string, message: string): ProblemError =>
  new ProblemError(400, 'Bad Request', {
    detail: 'The request has values that cannot be accepted.',
    errors: [{ field, message }],
  });
