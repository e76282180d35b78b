import { WakeUps } from './delivery/wake-ups.js';
import { InactiveStreams } from './configuration/inactive-streams.js';
import { PollEndpoint } from './delivery/poll.controller.js';
import { PushDelivery } from './delivery/push-delivery.js';
import { PushSender } from './delivery/push-sender.js';
import { SecurityEventTokenIssuer } from './delivery/security-event-token-issuer.js';
import { SignalMetrics } from './delivery/signal-metrics.js';
import { SsfConfigurationEndpoint } from './configuration/ssf-configuration.controller.js';
import { StatusEndpoint } from './configuration/status.controller.js';
import { StreamConfigurations } from './configuration/stream-configurations.js';
import { StreamEvents } from './delivery/stream-events.js';
import { StreamPolls } from './delivery/stream-polls.js';
import { StreamsEndpoint } from './configuration/streams.controller.js';
import { VerificationEndpoint } from './configuration/verification.controller.js';

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
