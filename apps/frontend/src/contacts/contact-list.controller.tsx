import { Controller, Get, Query } from '@nestjs/common';
import {
  CurrentSession,
  type CurrentUser,
  CurrentUserPipe,
  type PageResult,
  type Session,
  SignedInPages,
} from '@trefoil/web-server';
import { z } from 'zod';
import { BackendClient } from '../backend-client/backend-client.js';
import { ContactListPage } from './contact-list.page.js';

// Browsers send an empty text for an input that was not filled in.
const text = z
  .string()
  .trim()
  .transform((value) => value || undefined)
  .optional()
  .catch(undefined);

const ListQuery = z.object({ search: text, cursor: text, notice: text });
type ListQuery = z.output<typeof ListQuery>;

/** Shows the list of contacts with search and pagination: `GET /contacts`. */
@Controller('contacts')
@SignedInPages()
export class ContactListController {
  constructor(private readonly backend: BackendClient) {}

  @Get()
  async list(
    @Query({ schema: ListQuery }) { search, cursor, notice }: ListQuery,
    @CurrentSession() session: Session,
    @CurrentSession(CurrentUserPipe) user: CurrentUser,
  ): Promise<PageResult> {
    const page = await this.backend.contacts(session, { search, cursor });
    return <ContactListPage user={user} page={page} search={search} isFirst={!cursor} notice={notice} />;
  }
}
