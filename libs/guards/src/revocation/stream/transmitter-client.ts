import {
  ResourceClient,
  type ResourceRequest,
  type ServiceClient,
  type TokenSource,
  wellKnownUrl,
} from '@trefoil/service-client';
import { z } from 'zod';
import type { GuardsOptions } from '../../guards-options.js';
import { fetchJson } from '../../verification-keys/fetch-uncached.js';
import { SESSION_REVOKED } from './security-event.js';

const TIMEOUT_MILLISECONDS = 2000;
/** Longer than a transmitter holds a poll without events. */
const POLL_TIMEOUT_MILLISECONDS = 60_000;
const POLL = 'urn:ietf:rfc:8936';
const MOST_EVENTS = 500;
const SCOPE = 'ssf.manage ssf.read';

const Configuration = z.object({ configuration_endpoint: z.url(), status_endpoint: z.url() });
type Configuration = z.output<typeof Configuration>;

/** The members of a stream configuration that are used here (SSF 1.0 §8.1.1). */
export const EventStream = z.object({
  stream_id: z.string(),
  description: z.string().optional(),
  delivery: z.object({ method: z.string(), endpoint_url: z.url().optional() }),
});
export type EventStream = z.output<typeof EventStream>;

const Status = z.object({ status: z.string() });

/** The response to a poll (RFC 8936 §2.3). */
export const PollAnswer = z.object({ sets: z.record(z.string(), z.string()), moreAvailable: z.boolean().optional() });
export type PollAnswer = z.output<typeof PollAnswer>;

/** The acknowledgements and errors that a poll sends for the SETs of the previous one (RFC 8936 §2.4). */
export interface PollResults {
  readonly ack: readonly string[];
  readonly setErrs: Readonly<Record<string, { err: string; description: string }>>;
}

/** Manages and polls the streams of this receiver at the provider's transmitter (SSF 1.0 §8, RFC 8936). */
export class TransmitterClient {
  private readonly token: TokenSource;
  private configuration?: Configuration;

  constructor(
    private readonly options: Pick<GuardsOptions, 'issuer' | 'plainHttpOrigins' | 'fetch'>,
    service: ServiceClient,
  ) {
    this.token = service.machineToken({ resource: `${options.issuer.replace(/\/$/, '')}/api`, scope: SCOPE });
  }

  /** Returns the poll streams of this client that have the description, in the order of the transmitter. */
  async streams(description: string, signal: AbortSignal): Promise<EventStream[]> {
    const { configuration_endpoint } = await this.discover(signal);
    const all = await this.request(configuration_endpoint, z.array(EventStream), { signal });
    return all.filter((stream) => stream.description === description && stream.delivery.method === POLL);
  }

  create(description: string, signal: AbortSignal): Promise<EventStream> {
    const body = { delivery: { method: POLL }, events_requested: [SESSION_REVOKED], description };
    return this.requestConfiguration(EventStream, { method: 'POST', body, signal });
  }

  async delete({ stream_id }: EventStream, signal: AbortSignal): Promise<void> {
    await this.requestConfiguration(z.unknown(), { method: 'DELETE', query: { stream_id }, signal });
  }

  /** Returns whether a stream is enabled: neither paused nor disabled (SSF 1.0 §8.1.2.1). */
  async isEnabled({ stream_id }: EventStream, signal: AbortSignal): Promise<boolean> {
    const { status_endpoint } = await this.discover(signal);
    const { status } = await this.request(status_endpoint, Status, { query: { stream_id }, signal });
    return status === 'enabled';
  }

  /** Enables a stream that was paused or disabled (SSF 1.0 §8.1.2). */
  async enable(stream: EventStream, signal: AbortSignal): Promise<void> {
    if (await this.isEnabled(stream, signal)) return;
    const { status_endpoint } = await this.discover(signal);
    const body = { stream_id: stream.stream_id, status: 'enabled' };
    await this.request(status_endpoint, Status, { method: 'POST', body, signal });
  }

  /**
   * Sends the results of the previous poll, and returns the next events. Waits for events, unless `returnImmediately` is true;
   * the response is empty when none occur for some time.
   */
  poll(
    { delivery }: EventStream,
    { ack, setErrs }: PollResults,
    { returnImmediately, signal }: { returnImmediately: boolean; signal: AbortSignal },
  ): Promise<PollAnswer> {
    if (delivery.endpoint_url === undefined)
      throw new Error('the transmitter returned a stream without an endpoint_url to poll');
    const body = { maxEvents: MOST_EVENTS, returnImmediately, ack, ...(hasAny(setErrs) && { setErrs }) };
    return this.request(delivery.endpoint_url, PollAnswer, { method: 'POST', body, signal }, POLL_TIMEOUT_MILLISECONDS);
  }

  private async requestConfiguration<T>(schema: z.ZodType<T>, request: Omit<ResourceRequest, 'token'>): Promise<T> {
    const { configuration_endpoint } = await this.discover(request.signal);
    return this.request(configuration_endpoint, schema, request);
  }

  private async request<T>(
    url: string,
    schema: z.ZodType<T>,
    request: Omit<ResourceRequest, 'token'>,
    timeoutMilliseconds = TIMEOUT_MILLISECONDS,
  ): Promise<T> {
    const { fetch, plainHttpOrigins } = this.options;
    const client = new ResourceClient({ baseUrl: url, timeoutMilliseconds, fetch, plainHttpOrigins });
    return (await client.json('', schema, { ...request, token: this.token })).body;
  }

  /** Returns the transmitter's metadata (SSF 1.0 §7), which is read once. */
  private async discover(signal?: AbortSignal): Promise<Configuration> {
    if (this.configuration) return this.configuration;
    const { issuer, fetch: fetchAny = fetch } = this.options;
    const limited = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MILLISECONDS), ...(signal ? [signal] : [])]);
    const found = await fetchJson(wellKnownUrl(issuer, 'ssf-configuration'), fetchAny, limited);
    const { issuer: named, ...configuration } = Configuration.extend({ issuer: z.string() }).parse(found);
    if (named !== issuer) throw new Error('the metadata of the transmitter names another issuer');
    return (this.configuration = configuration);
  }
}

const hasAny = (record: object): boolean => Object.keys(record).length > 0;
