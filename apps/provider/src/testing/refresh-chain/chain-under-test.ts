import { OAuthError, Parameters } from '@trefoil/oauth-protocol';
import type { ChainAction, ChainOutcome, ChainSummary } from '@trefoil/testing';
import { readRefreshToken, TokenDerivation } from '@trefoil/token-issuance';
import type { RefreshTokenGrant } from '../../token/refresh-token.grant.js';
import type { Client } from '../../clients/client.entity.js';
import type { Grant } from '../../grants/grant.entity.js';
import { Grants } from '../../grants/grants.js';
import type { ProviderUnderTest } from '../provider-under-test.js';
import { isExplained, type Observed } from './explain-history.js';

/** The beginning of the error that {@link ChainUnderTest.expectExplained} throws. */
export const UNEXPLAINED = 'no order of these acts explains their outcomes';

/** The grace period. It is longer than any test, so that time passes only when a test moves it. */
export const GRACE_SECONDS = 3600;

/** The refresh tokens of one grant at several replicas of the provider, with the history of all acts on them. */
export class ChainUnderTest {
  /** All tokens that were issued, the newest first. */
  readonly tokens: string[];
  private readonly history: Observed[] = [];
  private time = 0;

  constructor(
    private readonly provider: ProviderUnderTest,
    private readonly refreshTokens: readonly RefreshTokenGrant[],
    private readonly client: Client,
    private readonly grant: Grant,
  ) {
    this.tokens = [this.provider.app.get(TokenDerivation).refreshToken(grant, 0)];
  }

  /** Uses a token at a replica. Returns its successor; undefined when it was refused. */
  async use(who: string, token: string, replica: number, key?: string): Promise<string | undefined> {
    const act = { kind: 'use', generation: generationOf(token), key } as const;
    const answer = await this.observe(who, act, () => this.send(token, replica, key));
    return answer.successor;
  }

  /** Moves the last refresh into the past by 60 % of the grace period, once or twice. */
  async pass(halves: 1 | 2): Promise<void> {
    await this.observe('time', { kind: 'pass', halves }, async () => {
      await this.provider.dataSource.query(
        'UPDATE grants SET refreshed_at = refreshed_at - make_interval(secs => $2) WHERE id = $1',
        [this.grant.id, halves * 0.6 * GRACE_SECONDS],
      );
      return { outcome: 'done' };
    });
  }

  /** Revokes the grant for a reason that has nothing to do with its refresh tokens. */
  async revoke(): Promise<void> {
    await this.observe('sign-out', { kind: 'revoke' }, async () => {
      await this.provider.app.get(Grants).revoke(this.grant.id, { type: 'grant-revoked', outcome: 'success' });
      return { outcome: 'done' };
    });
  }

  /** Returns the state of the chain in the database. */
  async now(): Promise<ChainSummary> {
    const [now] = await this.provider.dataSource.query<ChainSummary[]>(
      `SELECT refresh_generation AS newest, revoked_at IS NULL AS live, (
         SELECT count(*)::int FROM security_events WHERE grant_id = grants.id AND type = 'refresh-token-reuse'
       ) AS recorded FROM grants WHERE id = $1`,
      [this.grant.id],
    );
    if (!now) throw new Error('the grant is gone');
    return now;
  }

  /**
   * Checks that the rules of rotation explain the history.
   *
   * @throws Error with the history when they do not.
   */
  async expectExplained(trace: readonly string[]): Promise<void> {
    const last = await this.now();
    if (isExplained(this.history, last)) return;
    const seen = this.history.map(({ who, act, began, ended, outcome }) =>
      JSON.stringify({ who, ...act, began, ended, outcome }),
    );
    throw new Error([UNEXPLAINED, ...seen, JSON.stringify(last), ...trace].join('\n'));
  }

  private async observe(who: string, act: ChainAction, work: () => Promise<Answer>): Promise<Answer> {
    const began = this.time++;
    const answer = await work();
    this.history.push({ who, act, began, ended: this.time++, outcome: answer.outcome });
    return answer;
  }

  private async send(token: string, replica: number, key: string | undefined): Promise<Answer> {
    const parameters = Parameters.from({ refresh_token: token });
    const confirmation = key === undefined ? undefined : { jkt: key };
    const request = { client: this.client, parameters, origin: {}, confirmation };
    const refreshToken = this.refreshTokens[replica];
    if (!refreshToken) throw new Error(`there is no replica ${replica}`);
    try {
      const { refresh_token: successor = '' } = await refreshToken.handle(request);
      if (!this.tokens.includes(successor)) this.tokens.unshift(successor);
      return { outcome: generationOf(successor), successor };
    } catch (error) {
      if (!(error instanceof OAuthError) || error.code !== 'invalid_grant') throw error;
      return { outcome: error.message.includes('used before') ? 'ended' : 'refused' };
    }
  }
}

/** The outcome of an act, with the successor of a token if the act got one. */
interface Answer {
  readonly outcome: ChainOutcome;
  readonly successor?: string;
}

const generationOf = (token: string): number => readRefreshToken(token)?.generation ?? NaN;
