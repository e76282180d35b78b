import {
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { Degraded, type HealthCheck } from '@trefoil/server-kit';
import type { ServiceClient } from '@trefoil/service-client';
import type { StateStore } from '@trefoil/state-store';
import type { GuardsOptions } from '../guards-options.js';
import type { VerificationKeys } from '../verification-keys/verification-keys.js';
import { EndedTokens } from './list/revoked-tokens.js';
import { EventIntake } from './stream/security-event-processor.js';
import { Freshness } from './list/list-freshness.js';
import { Introspections } from './introspection-cache.js';
import { Receiver } from './stream/stream-receiver.js';
import { RevocationFeed } from './list/revocation-feed.js';
import { RevocationList, type TokenUse } from './revocation-list.js';
import { revocationMetrics } from './revocation-metrics.js';
import { DEFAULT_REVOCATION_OPTIONS } from './revocation-options.js';
import { SecurityEventReader } from './stream/security-event-token-verifier.js';
import { StreamFinder } from './stream/stream-finder.js';
import { Transmitter } from './stream/transmitter-client.js';

const READING = ['GET', 'HEAD'];
const WATCH_STATE_MILLISECONDS = 1000;

/**
 * What the provider says has ended, heard by its Shared Signals stream (SSF 1.0, CAEP 1.0) and shared by all replicas.
 *
 * While the list is fresh it answers at once and alone. When nothing has been heard for a while, reads go on for a bounded
 * time, and everything else asks the provider (RFC 7662).
 */
export class SharedSignalsRevocations
  extends RevocationList
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  /** For `/metrics`. */
  readonly metrics;
  private readonly log = new Logger(SharedSignalsRevocations.name);
  private readonly list: EndedTokens;
  private readonly freshness: Freshness;
  private readonly feed: RevocationFeed;
  private readonly receiver: Receiver;
  private readonly introspections: Introspections;
  private readonly staleMilliseconds: number;
  private stateWatch: NodeJS.Timeout | undefined;

  constructor(
    keys: VerificationKeys,
    service: ServiceClient,
    store: StateStore,
    { issuer, resource, fetch, now = Date.now, revocation }: Omit<GuardsOptions, 'realm' | 'userClients'>,
  ) {
    super();
    const options = { ...DEFAULT_REVOCATION_OPTIONS, ...revocation, issuer, resource, now };
    this.staleMilliseconds = options.staleSeconds * 1000;
    const monotonic = () => performance.now();
    this.list = new EndedTokens(options.limit, now);
    this.freshness = new Freshness(options, monotonic);
    this.metrics = revocationMetrics(this.list, this.freshness);
    const { lag, refused } = this.metrics;
    this.feed = new RevocationFeed(store, this.list, this.freshness, options, (seconds) => lag.observe(seconds));
    const transmitter = new Transmitter({ issuer, fetch }, service);
    const streams = new StreamFinder(transmitter, store, options);
    const reader = new SecurityEventReader(keys, { issuer, audience: service.clientId, now });
    const intake = new EventIntake(reader, this.feed, () => refused.inc(), monotonic);
    this.receiver = new Receiver(transmitter, streams, intake, this.feed, store, options);
    this.introspections = new Introspections(service, monotonic);
  }

  /** A replica is not ready before it knows what the others know. */
  async onModuleInit(): Promise<void> {
    let isFaulty = false;
    await this.feed.start((error) => {
      if (!isFaulty) this.log.warn(`Revocations cannot be read from the store: ${String(error)}`);
      isFaulty = true;
    });
  }

  onApplicationBootstrap(): void {
    this.receiver.start();
    let before = this.freshness.state;
    let endedAt = performance.now();
    this.stateWatch = setInterval(() => {
      const { state } = this.freshness;
      // What began since then was asked about once, and goes on no longer than any read without news.
      const isTime = before !== 'blind' || performance.now() - endedAt >= this.staleMilliseconds;
      if (state === 'blind' && isTime) {
        this.list.endWatched();
        endedAt = performance.now();
      }
      if (state !== before) this.log[state === 'fresh' ? 'log' : 'warn'](`The revocations are ${state}`);
      before = state;
    }, WATCH_STATE_MILLISECONDS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.stateWatch);
    await this.receiver.stop();
  }

  onApplicationShutdown(): void {
    this.feed.end();
  }

  override async isRevoked(claims: AccessTokenClaims, { token, method = '' }: TokenUse): Promise<boolean> {
    if (this.list.includes(claims)) return true;
    const state = this.list.isWhole ? this.freshness.state : 'blind';
    if (state === 'fresh' || (state === 'stale' && READING.includes(method))) return false;
    return !(await this.introspections.isActive(token));
  }

  override onRevoked(claims: AccessTokenClaims, listener: () => void): () => void {
    return this.list.watch(claims, listener);
  }

  /** For `/health/ready`: a list that is not fresh is told, and no reason to send requests elsewhere. */
  get health(): HealthCheck {
    return {
      name: 'revocations',
      check: async () => {
        const { state } = this.freshness;
        return state === 'fresh' ? undefined : new Degraded(state);
      },
    };
  }
}
