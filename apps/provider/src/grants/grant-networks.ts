import { Injectable } from '@nestjs/common';
import { networkOf } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';

/** How many uses a replica remembers, so that one which is no news is not written again. */
const REMEMBERED = 20_000;

/** The networks that the tokens of each grant came from; what is new about one is for the anomaly rules. */
@Injectable()
export class GrantNetworks {
  private readonly known = new Set<string>();

  constructor(private readonly dataSource: DataSource) {}

  /** Notes from where the client of a grant used it; writes only what this replica has not seen before. */
  async note(grantId: string, address: string): Promise<void> {
    const network = networkOf(address);
    const use = `${grantId} ${network}`;
    if (this.known.has(use)) return;
    await this.dataSource.query(
      `INSERT INTO grant_networks (grant_id, network, seen_at)
       SELECT id, $2, now() FROM grants WHERE id = $1 ON CONFLICT DO NOTHING`,
      [grantId, network],
    );
    this.known.add(use);
    const [oldest] = this.known;
    if (this.known.size > REMEMBERED && oldest !== undefined) this.known.delete(oldest);
  }
}
