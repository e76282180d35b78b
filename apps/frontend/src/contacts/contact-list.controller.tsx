import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Backend } from '../backend-client/backend-client.js';
import type { Answer } from '../http/page-result.js';
import { SignedInPages } from '../page-access/pages.decorator.js';
import { type Viewer, ViewerPipe } from '../page-access/current-user.pipe.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import type { Session } from '../session/session.js';
import { ContactListPage } from './contact-list.page.js';

// An input that was left empty is one that was not filled in.
const text = z
  .string()
  .trim()
  .transform((value) => value || undefined)
  .optional()
  .catch(undefined);

const ListQuery = z.object({ search: text, cursor: text, notice: text });
type ListQuery = z.output<typeof ListQuery>;

/** `GET /contacts`: search and pages. */
@Controller('contacts')
@SignedInPages()
export class ContactListController {
  constructor(private readonly backend: Backend) {}

  @Get()
  async list(
    @Query({ schema: ListQuery }) { search, cursor, notice }: ListQuery,
    @CurrentSession() session: Session,
    @CurrentSession(ViewerPipe) viewer: Viewer,
  ): Promise<Answer> {
    const page = await this.backend.contacts(session, { search, cursor });
    return <ContactListPage viewer={viewer} page={page} search={search} isFirst={!cursor} notice={notice} />;
  }
}
