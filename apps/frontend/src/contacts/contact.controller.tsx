import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { BackendClient } from '../backend-client/backend-client.js';
import { FormPage } from '../forms/form-page.js';
import { type PageResult, SeeOther } from '../http/page-result.js';
import type { CurrentUser } from '../http/site-layout.js';
import { CurrentUserPipe } from '../page-access/current-user.pipe.js';
import { SignedInPages } from '../page-access/pages.decorator.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import type { Session } from '../session/session.js';
import { ContactPage } from './contact.page.js';
import { DeleteContactPage } from './delete-contact.page.js';

/** Shows a contact (`GET /contacts/:id`), and deletes it after a confirmation (`/contacts/:id/delete`). */
@Controller('contacts/:id')
@SignedInPages()
export class ContactController {
  constructor(private readonly backend: BackendClient) {}

  @Get()
  async show(
    @Param('id') id: string,
    @Query('notice') notice: unknown,
    @CurrentSession() session: Session,
    @CurrentSession(CurrentUserPipe) user: CurrentUser,
  ): Promise<PageResult> {
    const { contact } = await this.backend.contact(session, id);
    return <ContactPage user={user} contact={contact} notice={notice} />;
  }

  @Get('delete')
  async confirmDeletion(
    @Param('id') id: string,
    @CurrentSession() session: Session,
    @CurrentSession(CurrentUserPipe) user: CurrentUser,
  ): Promise<PageResult> {
    const { contact } = await this.backend.contact(session, id);
    return <DeleteContactPage user={user} contact={contact} />;
  }

  @Post('delete')
  @FormPage({ page: '/contacts/:id/delete', labels: {}, hidden: [] })
  async delete(@Param('id') id: string, @CurrentSession() session: Session): Promise<PageResult> {
    await this.backend.deleteContact(session, id);
    return new SeeOther('/contacts?notice=deleted');
  }
}
