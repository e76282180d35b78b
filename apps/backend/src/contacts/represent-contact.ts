import type { Contact as ContactBody } from '@trefoil/dto';
import type { Contact } from './contact.entity.js';

/** Returns a contact as the API shows it to its owner. */
export const representContact = ({
  id,
  name,
  email,
  phone,
  company,
  notes,
  createdAt,
  updatedAt,
}: Contact): ContactBody => ({
  id,
  name,
  email,
  phone,
  company,
  notes,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
