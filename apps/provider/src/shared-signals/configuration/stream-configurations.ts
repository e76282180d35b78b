import { Inject, Injectable } from '@nestjs/common';
import { encryptAtRest, ProblemError } from '@trefoil/server-kit';
import { isDeepStrictEqual } from 'node:util';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { EventStream } from '../streams/event-stream.entity.js';
import type { StreamContent } from '../streams/event-streams.js';
import { OutboundError, OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import { DELIVERY_METHODS } from '../streams/delivery-methods.js';
import { deliveredOf, SUPPORTED_EVENTS } from '../event-mapping/event-mappings.js';
import type { Delivery, StreamChange, StreamCreation } from './stream-request.js';

/** What the transmitter says of a stream; a receiver may repeat it, and must not change it (SSF 1.0 §8.1.1.3). */
const TRANSMITTER_SUPPLIED = [
  'iss',
  'aud',
  'events_supported',
  'events_delivered',
  'min_verification_interval',
  'inactivity_timeout',
] as const satisfies (keyof StreamChange)[];

/** Turns streams into what receivers are told of them, and what receivers say into streams (SSF 1.0 §8.1.1). */
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

  /** The configuration of a stream; the header to push with is never given back. */
  represent({ id, clientId, delivery, endpointUrl, eventsRequested, description }: EventStream) {
    return {
      stream_id: id,
      iss: this.config.ISSUER,
      aud: clientId,
      events_supported: SUPPORTED_EVENTS,
      ...(eventsRequested && { events_requested: eventsRequested }),
      events_delivered: deliveredOf(eventsRequested),
      delivery: { method: DELIVERY_METHODS[delivery], endpoint_url: endpointUrl ?? this.pollUrlOf(id) },
      min_verification_interval: this.config.STREAM_VERIFICATION_INTERVAL,
      // A receiver that is pushed to need not call: that it takes what it is sent is activity enough.
      ...(delivery === 'poll' && { inactivity_timeout: this.config.STREAM_INACTIVITY_TIMEOUT }),
      ...(description !== null && { description }),
    };
  }

  /**
   * What a receiver wants of the stream with that id; what it leaves out is as by default.
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
   * What a stream is after a change: what is left out stays (SSF 1.0 §8.1.1.3).
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
   * What a stream is after it was replaced: what is left out goes (SSF 1.0 §8.1.1.4).
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
        throw badField(name, 'is the transmitter’s to say, and is something else');
      }
    }
  }

  private deliveryOf(
    id: string,
    delivery: Delivery,
  ): Pick<StreamContent, 'delivery' | 'endpointUrl' | 'authorizationHeader'> {
    if (delivery.method === DELIVERY_METHODS.poll) {
      if (delivery.endpoint_url !== undefined && delivery.endpoint_url !== this.pollUrlOf(id)) {
        throw badField('delivery.endpoint_url', 'is the transmitter’s to say when events are polled for');
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
