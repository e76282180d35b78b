import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import {
  CurrentSession,
  type CurrentUser,
  CurrentUserPipe,
  FormPage,
  type PageResult,
  SeeOther,
  type Session,
  SignedInPages,
} from '@trefoil/web-server';
import { BackendClient } from '../backend-client/backend-client.js';
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
