import { Inject, Injectable } from '@nestjs/common';
import { decryptAtRest } from '@trefoil/server-kit';
import { z } from 'zod';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { EventStream } from '../streams/event-stream.entity.js';
import { OutboundError, OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import type { SecurityEventToken } from './security-event-tokens.js';

/**
 * The outcome of a push: `refused` when the receiver will never accept the event, `failed` when it may accept it later.
 */
export type PushOutcome =
  { readonly kind: 'delivered' } | { readonly kind: 'refused' | 'failed'; readonly reason: string };

/** The body of a refusal (RFC 8935 §2.3). */
const PushError = z.object({ err: z.string(), description: z.string().optional() });

/**
 * The errors that are about the event itself, so that sending it again is useless (RFC 8935 §2.4, SSF 1.0 §8.1.4.1).
 */
const EVENT_ERRORS = new Set(['invalid_request', 'invalid_issuer', 'invalid_audience', 'invalid_state']);

/** Pushes single events (RFC 8935 §2). */
@Injectable()
export class PushSender {
  constructor(
    private readonly outbound: OutboundFetcher,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ENCRYPTION_KEY'>,
  ) {}

  /** Pushes an event to the receiver of a stream and returns the outcome. */
  async send(stream: EventStream, { token }: SecurityEventToken): Promise<PushOutcome> {
    const headers = { 'content-type': 'application/secevent+jwt', accept: 'application/json' };
    try {
      const { status, text } = await this.outbound.post(stream.endpointUrl ?? '', token, {
        ...headers,
        ...this.authorizationOf(stream),
      });
      if (status === 202) return { kind: 'delivered' };
      return status === 400 ? refusalOf(text) : { kind: 'failed', reason: `the response status was ${status}` };
    } catch (error) {
      if (error instanceof OutboundError) return { kind: 'failed', reason: error.message };
      throw error;
    }
  }

  private authorizationOf({ id, authorizationHeader }: EventStream): { authorization?: string } {
    if (authorizationHeader === null) return {};
    const header = decryptAtRest(authorizationHeader, this.config.ENCRYPTION_KEY, id);
    return { authorization: header.toString() };
  }
}

function refusalOf(text: string): PushOutcome {
  const parsed = PushError.safeParse(jsonOf(text));
  if (!parsed.success) return { kind: 'failed', reason: 'the response status was 400' };
  const { err, description = '' } = parsed.data;
  const reason = printable(`${err}: ${description}`.replace(/: $/, ''));
  return { kind: EVENT_ERRORS.has(err) ? 'refused' : 'failed', reason };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Shortens a text from a receiver and removes control characters, so that it can be stored and logged. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').slice(0, 300);
