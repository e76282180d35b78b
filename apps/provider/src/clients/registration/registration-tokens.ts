import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { isDemoValue } from '../../foundation/demo-values.js';
import { noSuchObject, parseOrRefuse, refusedState, refusedValue } from '../../http/refusal.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { InitialAccessToken } from './initial-access-token.entity.js';
import { NewRegistrationToken } from './registration-token-json.js';

/** A new registration token, and the token itself, which is shown once. */
export interface CreatedRegistrationToken {
  readonly row: InitialAccessToken;
  readonly token: string;
}

/** Creates and revokes the tokens with which clients register themselves (RFC 7591 §1.2). Stores only their hashes. */
@Injectable()
export class RegistrationTokens {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'NODE_ENV'>,
  ) {}

  /** Returns the tokens that follow an id, in the order of their ids, also expired and revoked ones. */
  page({ after, limit }: { after?: string; limit: number }): Promise<InitialAccessToken[]> {
    const where = after === undefined ? {} : { id: MoreThan(after) };
    return this.dataSource.manager.find(InitialAccessToken, { where, order: { id: 'ASC' }, take: limit });
  }

  /**
   * Returns the token with an id, also an expired or revoked one.
   *
   * @throws Refusal `not-found`
   */
  async find(id: string, manager: EntityManager = this.dataSource.manager): Promise<InitialAccessToken> {
    const row = UUID.test(id) ? await manager.findOneBy(InitialAccessToken, { id }) : null;
    if (!row) throw noSuchObject(`There is no registration token ${JSON.stringify(id)}.`);
    return row;
  }

  /**
   * Creates a token.
   *
   * @param transaction the transaction of the caller, to create several things together.
   * @throws Refusal that names the member.
   */
  async create(
    input: NewRegistrationToken,
    origin: RequestOrigin,
    transaction: EntityManager = this.dataSource.manager,
  ): Promise<CreatedRegistrationToken> {
    const { token = randomSecret(), ...content } = parseOrRefuse(NewRegistrationToken, input);
    const id = content.id ?? randomUUID();
    const isDemo = isDemoValue(token);
    if (isDemo && this.config.NODE_ENV === 'production') {
      throw refusedValue('token', 'must not be the token of the demo, which everybody knows');
    }
    const allowedProfiles = [...new Set(content.allowed_profiles ?? [content.default_profile])];
    if (!allowedProfiles.includes(content.default_profile)) {
      throw refusedValue('allowed_profiles', `must include the default profile, ${content.default_profile}`);
    }
    const expiresAt = content.expires_at === null ? null : new Date(content.expires_at);
    if (expiresAt && expiresAt <= new Date()) throw refusedValue('expires_at', 'must be in the future');
    const row = {
      id,
      tokenHash: sha256(token),
      description: content.description,
      defaultProfile: content.default_profile,
      allowedProfiles,
      refusedInProduction: isDemo,
      expiresAt,
    };
    return transaction.transaction(async (manager) => {
      await this.insert(row, manager);
      const event = { type: 'registration-token-created', outcome: 'success' } as const;
      await this.events.record({ ...event, details: { registrationTokenId: id }, ...origin }, manager);
      return { row: await this.find(id, manager), token };
    });
  }

  /**
   * Revokes a token. Clients that were registered with it stay registered.
   *
   * @returns whether it was not revoked before.
   * @throws Refusal `not-found`
   */
  async revoke(id: string, origin: RequestOrigin): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await this.find(id, manager);
      const { affected } = await manager.update(
        InitialAccessToken,
        { id, revokedAt: IsNull() },
        { revokedAt: new Date() },
      );
      if (affected === 0) return false;
      const event = { type: 'registration-token-revoked', outcome: 'success' } as const;
      await this.events.record({ ...event, details: { registrationTokenId: id }, ...origin }, manager);
      return true;
    });
  }

  private async insert(row: Partial<InitialAccessToken> & { id: string }, manager: EntityManager): Promise<void> {
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(InitialAccessToken)
      .values(row)
      .orIgnore()
      .execute();
    const rows: unknown = inserted.raw;
    if (Array.isArray(rows) && rows.length > 0) return;
    const isIdTaken = await manager.existsBy(InitialAccessToken, { id: row.id });
    if (isIdTaken) throw refusedState(`There is a registration token ${row.id} already.`, 'id');
    throw refusedState('There is a registration token with this value already.', 'token');
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
