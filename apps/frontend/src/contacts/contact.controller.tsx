import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Backend } from '../backend-client/backend-client.js';
import { type Answer, SeeOther } from '../http/page-result.js';
import { SignedInPages } from '../page-access/pages.decorator.js';
import { type Viewer, ViewerPipe } from '../page-access/current-user.pipe.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import { FormPage } from '../forms/form-page.js';
import type { Session } from '../session/session.js';
import { ContactPage } from './contact.page.js';
import { DeleteContactPage } from './delete-contact.page.js';

/** `GET /contacts/:id`, and `/contacts/:id/delete`, which asks before it does. */
@Controller('contacts/:id')
@SignedInPages()
export class ContactController {
  constructor(private readonly backend: Backend) {}

  @Get()
  async show(
    @Param('id') id: string,
    @Query('notice') notice: unknown,
    @CurrentSession() session: Session,
    @CurrentSession(ViewerPipe) viewer: Viewer,
  ): Promise<Answer> {
    const { contact } = await this.backend.contact(session, id);
    return <ContactPage viewer={viewer} contact={contact} notice={notice} />;
  }

  @Get('delete')
  async ask(
    @Param('id') id: string,
    @CurrentSession() session: Session,
    @CurrentSession(ViewerPipe) viewer: Viewer,
  ): Promise<Answer> {
    const { contact } = await this.backend.contact(session, id);
    return <DeleteContactPage viewer={viewer} contact={contact} />;
  }

  @Post('delete')
  @FormPage('/contacts/:id/delete')
  async delete(@Param('id') id: string, @CurrentSession() session: Session): Promise<Answer> {
    await this.backend.deleteContact(session, id);
    return new SeeOther('/contacts?notice=deleted');
  }
}
