import {
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { Degraded, describeError, type HealthCheck } from '@trefoil/server-kit';
import type { ServiceClient } from '@trefoil/service-client';
import type { StateStore } from '@trefoil/state-store';
import type { GuardsOptions } from '../guards-options.js';
import type { VerificationKeys } from '../verification-keys/verification-keys.js';
import { IntrospectionCache } from './introspection-cache.js';
import { ListFreshness } from './list/list-freshness.js';
import { RevocationFeed } from './list/revocation-feed.js';
import { RevokedTokens } from './list/revoked-tokens.js';
import { RevocationList, type TokenUse } from './revocation-list.js';
import { revocationMetrics } from './revocation-metrics.js';
import { DEFAULT_REVOCATION_OPTIONS } from './revocation-options.js';
import { SecurityEventProcessor } from './stream/security-event-processor.js';
import { SecurityEventTokenVerifier } from './stream/security-event-token-verifier.js';
import { StreamFinder } from './stream/stream-finder.js';
import { StreamReceiver } from './stream/stream-receiver.js';
import { TransmitterClient } from './stream/transmitter-client.js';

const READ_METHODS = ['GET', 'HEAD'];
const CHECK_FRESHNESS_MILLISECONDS = 1000;

/**
 * Receives revocations from the provider's Shared Signals stream (SSF 1.0, CAEP 1.0), and shares them between all replicas.
 *
 * A fresh list answers without asking the provider. With a stale list, reads are answered from the list, and for all other
 * requests the token is introspected (RFC 7662). With a blind list, every token is introspected.
 */
export class SharedSignalsRevocations
  extends RevocationList
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  override readonly metrics;
  /** Reports a list that is not fresh as degraded, and the server as ready. */
  override readonly health: HealthCheck = {
    name: 'revocations',
    check: async () => {
      const { state } = this.freshness;
      return state === 'fresh' ? undefined : new Degraded(state);
    },
  };
  private readonly logger = new Logger(SharedSignalsRevocations.name);
  private readonly list: RevokedTokens;
  private readonly freshness: ListFreshness;
  private readonly feed: RevocationFeed;
  private readonly receiver: StreamReceiver;
  private readonly introspections: IntrospectionCache;
  private readonly staleMilliseconds: number;
  private readonly keptSeconds: number;
  private readonly warned = new Set<string>();
  private freshnessTimer: NodeJS.Timeout | undefined;

  constructor(
    keys: VerificationKeys,
    service: ServiceClient,
    store: StateStore,
    options: Omit<GuardsOptions, 'realm' | 'userClients'>,
  ) {
    super();
    const { issuer, resource, fetch, plainHttpOrigins, now = Date.now } = options;
    const settings = { ...DEFAULT_REVOCATION_OPTIONS, ...options.revocation, issuer, resource, now };
    this.staleMilliseconds = settings.staleSeconds * 1000;
    this.keptSeconds = settings.keptSeconds;
    const monotonic = () => performance.now();
    this.list = new RevokedTokens(settings.limit, now);
    this.freshness = new ListFreshness(settings, monotonic);
    this.metrics = revocationMetrics(this.list, this.freshness);
    const { lag, refused } = this.metrics;
    this.feed = new RevocationFeed(store, this.list, this.freshness, settings, {
      onLag: (seconds) => lag.observe(seconds),
      onUnreadable: () =>
        this.warnOnce('A revocation is of a kind that this version does not know: tokens are introspected'),
    });
    const transmitter = new TransmitterClient({ issuer, fetch, plainHttpOrigins }, service);
    const streams = new StreamFinder(transmitter, store, settings);
    const verifier = new SecurityEventTokenVerifier(keys, { issuer, resource, audience: service.clientId, now });
    const processor = new SecurityEventProcessor(verifier, this.feed, () => refused.inc(), monotonic);
    this.receiver = new StreamReceiver(transmitter, streams, processor, this.feed, store, settings);
    this.introspections = new IntrospectionCache(service, monotonic);
  }

  /** Reads the whole feed, so that a replica is ready only when it has all revocations that the others have. */
  async onModuleInit(): Promise<void> {
    let isFailing = false;
    await this.feed.start((error) => {
      if (!isFailing) this.logger.warn(`Revocations cannot be read from the store: ${describeError(error)}`);
      isFailing = true;
    });
  }

  onApplicationBootstrap(): void {
    this.receiver.start();
    let previous = this.freshness.state;
    let notifiedAt = performance.now();
    this.freshnessTimer = setInterval(() => {
      const { state } = this.freshness;
      // The token of a response that began while the list was blind was introspected once, at the beginning. Such a response
      // may go on for as long as reads are answered from a stale list.
      const isDue = previous !== 'blind' || performance.now() - notifiedAt >= this.staleMilliseconds;
      if (state === 'blind' && isDue) {
        this.list.notifyAllListeners();
        notifiedAt = performance.now();
      }
      if (state !== previous) this.logger[state === 'fresh' ? 'log' : 'warn'](`The revocation list is ${state}`);
      previous = state;
    }, CHECK_FRESHNESS_MILLISECONDS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.freshnessTimer);
    await this.receiver.stop();
  }

  onApplicationShutdown(): void {
    this.feed.stop();
  }

  override async isRevoked(claims: AccessTokenClaims, { token, method = '' }: TokenUse): Promise<boolean> {
    if (this.list.includes(claims)) return true;
    const state = this.list.isComplete && this.isCovered(claims) ? this.freshness.state : 'blind';
    if (state === 'fresh' || (state === 'stale' && READ_METHODS.includes(method))) return false;
    return !(await this.introspections.isActive(token));
  }

  /** Returns whether the list would still have the revocation of a token, even if it was revoked when it was issued. */
  private isCovered({ iat, exp }: AccessTokenClaims): boolean {
    if (exp - iat <= this.keptSeconds) return true;
    this.warnOnce('Tokens live longer than revocations are kept, and are introspected. Keep revocations for longer');
    return false;
  }

  private warnOnce(message: string): void {
    if (!this.warned.has(message)) this.logger.warn(message);
    this.warned.add(message);
  }

  override onRevoked(claims: AccessTokenClaims, listener: () => void): () => void {
    return this.list.onRevoked(claims, listener);
  }
}
