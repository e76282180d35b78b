import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import {
  CurrentSession,
  type CurrentUser,
  CurrentUserPipe,
  EditConflictError,
  FormPage,
  formPagePath,
  FormValues,
  InvalidInputError,
  KeptForms,
  NotFoundError,
  PageResponse,
  type PageResult,
  SeeOther,
  type Session,
  SignedInPages,
} from '@trefoil/web-server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { BackendClient, type ContactVersion } from '../backend-client/backend-client.js';
import { CONTACT_LABELS, contactErrorsOf, contactTextOf } from './contact-form.js';
import { ContactFormPage, type ContactFormPageProps } from './contact-form.page.js';
import { contactPath } from './contact.page.js';
import { EditConflictPage } from './edit-conflict.page.js';
import { DeletedNotice, KeptNotice } from './form-notices.js';
import { offerAgain } from './offer-again.js';

const FORM = { page: '/contacts/:id/edit', labels: CONTACT_LABELS, hidden: ['etag'] };

/** Shows the form of an existing contact (`GET /contacts/:id/edit`) and saves it (`POST /contacts/:id`). */
@Controller('contacts/:id')
@SignedInPages()
export class EditContactController {
  constructor(
    private readonly backend: BackendClient,
    private readonly keptForms: KeptForms,
  ) {}

  @Get('edit')
  async form(
    @Param('id') id: string,
    @CurrentSession() session: Session,
    @CurrentSession(CurrentUserPipe) user: CurrentUser,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageResult> {
    const kept = await this.keptForms.valuesFor(request, reply, session, formPagePath(FORM.page, { id }));
    if (kept) return formPage(id, user, kept, { notice: <KeptNotice /> });
    const { contact, etag } = await this.backend.contact(session, id);
    return formPage(id, user, { ...contactTextOf(contact), etag });
  }

  @Post()
  @FormPage(FORM)
  async change(
    @Param('id') id: string,
    @CurrentSession() session: Session,
    @CurrentSession(CurrentUserPipe) user: CurrentUser,
    @Body({ schema: FormValues }) values: FormValues,
    @Req() request: FastifyRequest,
  ): Promise<PageResult> {
    try {
      const contact = await this.backend.changeContact(session, id, contactTextOf(values), etagOf(values));
      return new SeeOther(`${contactPath(contact.id)}?notice=changed`);
    } catch (error) {
      if (error instanceof EditConflictError) return this.conflict(id, session, user, values);
      if (error instanceof NotFoundError) return deletedPage(user, values);
      if (error instanceof InvalidInputError) {
        return new PageResponse(400, formPage(id, user, values, { errors: contactErrorsOf(error.errors) }));
      }
      return offerAgain(error, request, (notice) => formPage(id, user, values, { notice }));
    }
  }

  private async conflict(id: string, session: Session, user: CurrentUser, values: FormValues): Promise<PageResult> {
    let current: ContactVersion;
    try {
      current = await this.backend.contact(session, id);
    } catch (error) {
      if (error instanceof NotFoundError) return deletedPage(user, values);
      throw error;
    }
    return new PageResponse(412, <EditConflictPage user={user} current={current} text={contactTextOf(values)} />);
  }
}

// A missing or malformed ETag becomes an empty one, which matches no version.
const etagOf = ({ etag }: FormValues): string =>
  etag && /^(W\/)?"[\x21\x23-\x7E]{1,100}"$|^\*$/.test(etag) ? etag : '""';

function formPage(id: string, user: CurrentUser, values: FormValues, extra: Partial<ContactFormPageProps> = {}) {
  return (
    <ContactFormPage
      user={user}
      title="Edit contact"
      action={contactPath(id)}
      text={contactTextOf(values)}
      hidden={{ etag: etagOf(values) }}
      cancelHref={contactPath(id)}
      {...extra}
    />
  );
}

function deletedPage(user: CurrentUser, values: FormValues): PageResponse {
  return new PageResponse(
    404,
    <ContactFormPage
      user={user}
      title="New contact"
      action="/contacts"
      text={contactTextOf(values)}
      hidden={{ idempotency_key: randomUUID() }}
      cancelHref="/contacts"
      notice={<DeletedNotice />}
    />,
  );
}
