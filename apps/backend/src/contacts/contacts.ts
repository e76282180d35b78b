import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { ContactInput, ContactPatch } from '@trefoil/dto';
import { ProblemError } from '@trefoil/server-kit';
import { randomUUID } from 'node:crypto';
import { type EntityManager, type FindOptionsWhere, In, Repository } from 'typeorm';
import type { ContactCursor } from './contact-cursor.js';
import { Contact } from './contact.entity.js';
import type { AllowedVersions } from './preconditions.js';
import { searchPattern } from './search-pattern.js';

const SEARCHED = (['name', 'email', 'company', 'phone', 'notes'] as const).map(
  (column) => `contact.${column} ILIKE :pattern`,
);

/** Which contacts a page of a list shows. */
export interface ContactSelection {
  readonly search?: string;
  readonly after?: ContactCursor;
  readonly limit: number;
}

/** Contacts, each the property of one user: whoever asks for somebody else's is told that there is none. */
@Injectable()
export class Contacts {
  constructor(@InjectRepository(Contact) private readonly contacts: Repository<Contact>) {}

  /** Adds a contact, inside a transaction when its manager is given. */
  async add(owner: string, input: ContactInput, manager: EntityManager = this.contacts.manager): Promise<Contact> {
    const contact = manager.create(Contact, { ...input, id: randomUUID(), owner });
    await manager.insert(Contact, contact);
    return contact;
  }

  /** The newest contacts after a place, and whether more follow. The order is by what never changes. */
  async page(
    owner: string,
    { search, after, limit }: ContactSelection,
  ): Promise<{ contacts: Contact[]; more: boolean }> {
    const query = this.contacts
      .createQueryBuilder('contact')
      .where('contact.owner = :owner', { owner })
      .orderBy('contact.createdAt', 'DESC')
      .addOrderBy('contact.id', 'DESC')
      .limit(limit + 1);
    if (after) query.andWhere('(contact.createdAt, contact.id) < (:createdAt, :id)', after);
    if (search) query.andWhere(`(${SEARCHED.join(' OR ')})`, { pattern: searchPattern(search) });
    const found = await query.getMany();
    return { contacts: found.slice(0, limit), more: found.length > limit };
  }

  /** How many contacts a user has. */
  count(owner: string): Promise<number> {
    return this.contacts.countBy({ owner });
  }

  /**
   * One contact.
   *
   * @throws ProblemError 404
   */
  async get(owner: string, id: string, manager: EntityManager = this.contacts.manager): Promise<Contact> {
    const contact = await manager.findOneBy(Contact, { id, owner });
    if (!contact) throw noSuchContact();
    return contact;
  }

  /**
   * Changes what a patch names, if the contact still has an allowed version; that is decided in the statement itself.
   *
   * @throws ProblemError 404, or 412 when it has another version.
   */
  change(owner: string, id: string, patch: ContactPatch, allowed: AllowedVersions): Promise<Contact> {
    return this.contacts.manager.transaction(async (manager) => {
      const allowedContact = where(owner, id, allowed);
      const matched = isEmpty(patch)
        ? await manager.countBy(Contact, allowedContact)
        : (await manager.update(Contact, allowedContact, patch)).affected;
      const contact = await this.get(owner, id, manager);
      if (!matched) throw changedMeanwhile();
      return contact;
    });
  }

  /**
   * Removes a contact, if it still has an allowed version.
   *
   * @throws ProblemError 404, or 412 when it has another version.
   */
  async remove(owner: string, id: string, allowed: AllowedVersions): Promise<void> {
    const { affected } = await this.contacts.delete(where(owner, id, allowed));
    if (affected) return;
    await this.get(owner, id);
    throw changedMeanwhile();
  }

  /** The contacts of all users that follow one, by owner and then by age; from the first when none is given. */
  batchAfter(last: Contact | undefined, size: number): Promise<Contact[]> {
    const query = this.contacts
      .createQueryBuilder('contact')
      .orderBy('contact.owner')
      .addOrderBy('contact.createdAt')
      .addOrderBy('contact.id')
      .limit(size);
    if (last) {
      const { owner, createdAt, id } = last;
      query.where('(contact.owner, contact.createdAt, contact.id) > (:owner, :createdAt, :id)', {
        owner,
        createdAt,
        id,
      });
    }
    return query.getMany();
  }
}

const where = (owner: string, id: string, allowed: AllowedVersions): FindOptionsWhere<Contact> => ({
  owner,
  id,
  ...(allowed !== 'any' && { version: In(allowed) }),
});

const isEmpty = (patch: ContactPatch): boolean => Object.keys(patch).length === 0;

/** The answer for a contact that does not exist, and for one that is somebody else's. */
export const noSuchContact = (): ProblemError =>
  new ProblemError(404, 'Not Found', { detail: 'You have no contact with this id.' });

const changedMeanwhile = (): ProblemError =>
  new ProblemError(412, 'Precondition Failed', {
    detail: 'The contact has changed since you read it. Read it again, then repeat your change with its new ETag.',
  });
