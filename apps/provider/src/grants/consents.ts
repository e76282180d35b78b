import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { PreparedStatement } from '../database/prepared-statement.js';
import { Consent } from './consent.entity.js';

const FIND_CONSENT = new PreparedStatement<Pick<Consent, 'scopes'>>(
  'find-consent',
  () => 'SELECT scopes FROM consents WHERE user_id = $1 AND client_id = $2',
);

/** Stores the consents of users. */
@Injectable()
export class Consents {
  constructor(@InjectRepository(Consent) private readonly consents: Repository<Consent>) {}

  /** Returns whether a user has already allowed a client all of the scopes. */
  async covers(userId: string, clientId: string, scopes: readonly string[]): Promise<boolean> {
    const consent = await FIND_CONSENT.first(this.consents.manager.dataSource, [userId, clientId]);
    return consent !== undefined && scopes.every((scope) => consent.scopes.includes(scope));
  }

  /** Returns the consents of a user, the latest first. */
  ofUser(userId: string): Promise<Consent[]> {
    return this.consents.find({ where: { userId }, order: { grantedAt: 'DESC' } });
  }

  /** Deletes the consent of a user to a client. Returns false when there is none. */
  async remove(userId: string, clientId: string, transaction: EntityManager): Promise<boolean> {
    const { affected } = await transaction.delete(Consent, { userId, clientId });
    return affected === 1;
  }

  /** Adds scopes to the consent of a user to a client. Scopes allowed before stay allowed. */
  async add(userId: string, clientId: string, scopes: readonly string[]): Promise<void> {
    await this.consents.query(
      `INSERT INTO consents (user_id, client_id, scopes, granted_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (user_id, client_id) DO UPDATE
       SET granted_at = now(),
           scopes = (SELECT array_agg(DISTINCT scope) FROM unnest(consents.scopes || excluded.scopes) AS scope)`,
      [userId, clientId, scopes],
    );
  }
}
