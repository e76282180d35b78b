import type { OnApplicationShutdown } from '@nestjs/common';
import { RedisStateStore } from '@trefoil/state-store/redis';
import type { HealthCheck } from '../observability/health.js';

/** A {@link RedisStateStore} that Nest closes when the server stops. */
export class ProvidedRedisStateStore extends RedisStateStore implements OnApplicationShutdown {
  readonly healthChecks: HealthCheck[] = [{ name: 'redis', check: () => this.check() }];

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
