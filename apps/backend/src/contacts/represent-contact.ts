import type { Contact as ContactBody } from '@trefoil/dto';
import type { Contact } from './contact.entity.js';

/** A contact as its owner gets it. */
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
