import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { ContactInput, ContactPatch } from '@trefoil/dto';
import {
  type AllowedVersions,
  newestFirst,
  type Page,
  type PageRequest,
  preconditionFailed,
  whereVersion,
} from '@trefoil/resource-api';
import { ProblemError } from '@trefoil/server-kit';
import { randomUUID } from 'node:crypto';
import { type EntityManager, Repository } from 'typeorm';
import { Contact } from './contact.entity.js';
import { searchPattern } from './search-pattern.js';

const SEARCHED = (['name', 'email', 'company', 'phone', 'notes'] as const).map(
  (column) => `contact.${column} ILIKE :pattern`,
);

/** Selects the contacts that a page of a list shows. */
export interface ContactSelection extends PageRequest {
  readonly search?: string;
}

/** Stores contacts, each owned by one user. For other users a contact does not exist. */
@Injectable()
export class Contacts {
  constructor(@InjectRepository(Contact) private readonly contacts: Repository<Contact>) {}

  /** Adds a contact. @param manager the entity manager of the transaction to add it in */
  async add(owner: string, input: ContactInput, manager: EntityManager): Promise<Contact> {
    const contact = manager.create(Contact, { ...input, id: randomUUID(), owner });
    await manager.insert(Contact, contact);
    return contact;
  }

  /** Returns one page of a user's contacts, the newest first. */
  page(owner: string, { search, ...request }: ContactSelection): Promise<Page<Contact>> {
    const query = this.contacts.createQueryBuilder('contact').where('contact.owner = :owner', { owner });
    if (search) query.andWhere(`(${SEARCHED.join(' OR ')})`, { pattern: searchPattern(search) });
    return newestFirst(query, request);
  }

  /** Returns the number of a user's contacts. */
  count(owner: string): Promise<number> {
    return this.contacts.countBy({ owner });
  }

  /**
   * Returns one contact.
   *
   * @throws ProblemError 404
   */
  async get(owner: string, id: string, manager: EntityManager = this.contacts.manager): Promise<Contact> {
    const contact = await manager.findOneBy(Contact, { id, owner });
    if (!contact) throw noSuchContact();
    return contact;
  }

  /**
   * Sets the members of a patch, if the contact has an allowed version. The UPDATE statement itself compares the version.
   *
   * @throws ProblemError 404, or 412 when the contact has another version.
   */
  change(owner: string, id: string, patch: ContactPatch, allowed: AllowedVersions): Promise<Contact> {
    return this.contacts.manager.transaction(async (manager) => {
      const conditions = { owner, id, ...whereVersion(allowed) };
      const matched = isEmpty(patch)
        ? await manager.countBy(Contact, conditions)
        : (await manager.update(Contact, conditions, patch)).affected;
      const contact = await this.get(owner, id, manager);
      if (!matched) throw preconditionFailed('contact');
      return contact;
    });
  }

  /**
   * Deletes a contact, if it has an allowed version.
   *
   * @throws ProblemError 404, or 412 when the contact has another version.
   */
  async remove(owner: string, id: string, allowed: AllowedVersions): Promise<void> {
    const { affected } = await this.contacts.delete({ owner, id, ...whereVersion(allowed) });
    if (affected) return;
    await this.get(owner, id);
    throw preconditionFailed('contact');
  }

  /**
   * Returns a batch of the contacts of all users, sorted by owner and then by age. It begins with the contact that follows
   * `last`, or with the first contact.
   */
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

const isEmpty = (patch: ContactPatch): boolean => Object.keys(patch).length === 0;

/** Creates the answer for a contact that does not exist or is owned by another user. */
export const noSuchContact = (): ProblemError =>
  new ProblemError(404, 'Not Found', { detail: 'You have no contact with this id.' });
