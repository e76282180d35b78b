import { randomBytes, randomUUID } from 'node:crypto';
import { Grant } from '../../grants/grant.entity.js';
import type { ProviderUnderTest } from '../provider-under-test.js';
import { givenGrant } from '../token-requests.js';

const BATCH = 500;

/** Creates grants in batches, for tests that need a new grant for each of many short runs. */
export class GrantSupply {
  private ready: Grant[] = [];
  private filling: Promise<void> | undefined;

  constructor(private readonly provider: ProviderUnderTest) {}

  /** Returns an unused grant. Its refresh tokens are exchanged for access tokens of the backend, without ID tokens. */
  async next(): Promise<Grant> {
    for (;;) {
      const grant = this.ready.pop();
      if (grant) return grant;
      await (this.filling ??= this.fill().finally(() => (this.filling = undefined)));
    }
  }

  private async fill(): Promise<void> {
    const { grant } = await givenGrant(this.provider, { scopes: ['contacts:read'] });
    const make = () =>
      this.provider.dataSource.manager.create(Grant, { ...grant, id: randomUUID(), secret: randomBytes(32) });
    const made = Array.from({ length: BATCH }, make);
    await this.provider.dataSource.manager.insert(Grant, made);
    this.ready = made;
  }
}
