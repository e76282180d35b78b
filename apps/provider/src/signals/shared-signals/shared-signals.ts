import { WakeUps } from '../wake-ups.js';
import { InactiveStreams } from './inactive-streams.js';
import { PollEndpoint } from './poll.endpoint.js';
import { PushDelivery } from './push-delivery.js';
import { PushSender } from './push-sender.js';
import { SecurityEventTokenIssuer } from './security-event-token.issuer.js';
import { SignalMetrics } from './signal-metrics.js';
import { SsfConfigurationEndpoint } from './ssf-configuration.endpoint.js';
import { StatusEndpoint } from './status.endpoint.js';
import { StreamConfigurations } from './stream-configurations.js';
import { StreamEvents } from './stream-events.js';
import { StreamPolls } from './stream-polls.js';
import { StreamsEndpoint } from './streams.endpoint.js';
import { VerificationEndpoint } from './verification.endpoint.js';

/** Where receivers come (SSF 1.0 §7, §8). */
export const sharedSignalsEndpoints = [
  SsfConfigurationEndpoint,
  StreamsEndpoint,
  StatusEndpoint,
  VerificationEndpoint,
  PollEndpoint,
];

/** What tells receivers of security events. */
export const sharedSignalsProviders = [
  WakeUps,
  StreamConfigurations,
  SecurityEventTokenIssuer,
  StreamEvents,
  StreamPolls,
  PushSender,
  PushDelivery,
  InactiveStreams,
  SignalMetrics,
];
