import { Body, Controller, Get, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { ChangedMeanwhileError, InvalidInputError, NotFoundError } from '../backend-client/backend-errors.js';
import { Backend, type ContactVersion } from '../backend-client/backend-client.js';
import { type Answer, PageAnswer, SeeOther } from '../http/page-result.js';
import { SignedInPages } from '../page-access/pages.decorator.js';
import { type Viewer, ViewerPipe } from '../page-access/current-user.pipe.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import { FormPage, formPagePath } from '../forms/form-page.js';
import { HeldForms, type HeldValues } from '../forms/kept-forms.js';
import type { Session } from '../session/session.js';
import { ConflictPage } from './edit-conflict.page.js';
import { ContactFormPage, type ContactFormPageProps } from './contact-form.page.js';
import { contactPath } from './contact-path.js';
import { contactErrorsOf, contactTextOf } from './contact-form.js';
import { DeletedNotice, isUnavailable, KeptNotice, UnavailableNotice } from './form-notices.js';
import { FormValues } from '../forms/form-values.js';

const PAGE = '/contacts/:id/edit';

/** `GET /contacts/:id/edit` and `POST /contacts/:id`. */
@Controller('contacts/:id')
@SignedInPages()
export class EditContactController {
  constructor(
    private readonly backend: Backend,
    private readonly heldForms: HeldForms,
  ) {}

  @Get('edit')
  async form(
    @Param('id') id: string,
    @CurrentSession() session: Session,
    @CurrentSession(ViewerPipe) viewer: Viewer,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const held = await this.heldForms.find(request, session, formPagePath(PAGE, { id }));
    if (held) return formPage(id, viewer, held, { notice: <KeptNotice /> });
    const { contact, etag } = await this.backend.contact(session, id);
    return formPage(id, viewer, { ...contactTextOf(contact), etag });
  }

  @Post()
  @FormPage(PAGE)
  async change(
    @Param('id') id: string,
    @CurrentSession() session: Session,
    @CurrentSession(ViewerPipe) viewer: Viewer,
    @Body({ schema: FormValues }) values: FormValues,
  ): Promise<Answer> {
    try {
      const contact = await this.backend.changeContact(session, id, contactTextOf(values), etagOf(values));
      return new SeeOther(`${contactPath(contact.id)}?notice=changed`);
    } catch (error) {
      if (error instanceof ChangedMeanwhileError) return this.conflict(id, session, viewer, values);
      if (error instanceof NotFoundError) return deleted(viewer, values);
      if (error instanceof InvalidInputError) {
        return new PageAnswer(400, formPage(id, viewer, values, { errors: contactErrorsOf(error.errors) }));
      }
      if (isUnavailable(error)) {
        return new PageAnswer(503, formPage(id, viewer, values, { notice: <UnavailableNotice /> }), error.headers);
      }
      throw error;
    }
  }

  private async conflict(id: string, session: Session, viewer: Viewer, values: HeldValues): Promise<Answer> {
    let current: ContactVersion;
    try {
      current = await this.backend.contact(session, id);
    } catch (error) {
      if (error instanceof NotFoundError) return deleted(viewer, values);
      throw error;
    }
    return new PageAnswer(412, <ConflictPage viewer={viewer} current={current} text={contactTextOf(values)} />);
  }
}

// What no backend can have sent matches nothing; so does a form that was sent without it.
const etagOf = ({ etag }: HeldValues): string =>
  etag && /^(W\/)?"[\x21\x23-\x7E]{1,100}"$|^\*$/.test(etag) ? etag : '""';

function formPage(id: string, viewer: Viewer, values: HeldValues, extra: Partial<ContactFormPageProps> = {}) {
  return (
    <ContactFormPage
      viewer={viewer}
      title="Edit contact"
      action={contactPath(id)}
      text={contactTextOf(values)}
      hidden={{ etag: etagOf(values) }}
      cancelHref={contactPath(id)}
      {...extra}
    />
  );
}

function deleted(viewer: Viewer, values: HeldValues): PageAnswer {
  return new PageAnswer(
    404,
    <ContactFormPage
      viewer={viewer}
      title="New contact"
      action="/contacts"
      text={contactTextOf(values)}
      hidden={{ idempotency_key: randomUUID() }}
      cancelHref="/contacts"
      notice={<DeletedNotice />}
    />,
  );
}
