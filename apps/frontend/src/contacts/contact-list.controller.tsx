import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { BackendClient } from '../backend-client/backend-client.js';
import type { PageResult } from '../http/page-result.js';
import type { CurrentUser } from '../http/site-layout.js';
import { CurrentUserPipe } from '../page-access/current-user.pipe.js';
import { SignedInPages } from '../page-access/pages.decorator.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import type { Session } from '../session/session.js';
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
