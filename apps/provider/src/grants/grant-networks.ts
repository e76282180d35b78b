import { Injectable } from '@nestjs/common';
import { networkOf } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';

/** The number of (grant, network) pairs that a replica remembers in order not to write them again. */
const CACHE_SIZE = 20_000;

/** Records the networks from which each grant was used. The anomaly rules look for grants used from a new network. */
@Injectable()
export class GrantNetworks {
  private readonly known = new Set<string>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Records that a grant was used from an address. Writes to the database only when this replica has not done so
   * before.
   */
  async record(grantId: string, address: string): Promise<void> {
    const network = networkOf(address);
    const use = `${grantId} ${network}`;
    if (this.known.has(use)) return;
    await this.dataSource.query(
      `INSERT INTO grant_networks (grant_id, network, seen_at)
       SELECT id, $2, now() FROM grants WHERE id = $1 ON CONFLICT DO NOTHING`,
      [grantId, network],
    );
    this.remember(use);
  }

  /** Takes note of a use that another statement has recorded, such as the redemption of a code. */
  noteRecorded(grantId: string, address: string): void {
    this.remember(`${grantId} ${networkOf(address)}`);
  }

  private remember(use: string): void {
    this.known.add(use);
    const [oldest] = this.known;
    if (this.known.size > CACHE_SIZE && oldest !== undefined) this.known.delete(oldest);
  }
}
