import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { InvalidInputError, SentBeforeError } from '../backend-client/backend-errors.js';
import { Backend } from '../backend-client/backend-client.js';
import { type Answer, PageAnswer, SeeOther } from '../http/page-result.js';
import { SignedInPages } from '../page-access/pages.decorator.js';
import { type Viewer, ViewerPipe } from '../page-access/current-user.pipe.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import { FormPage } from '../forms/form-page.js';
import { HeldForms, type HeldValues } from '../forms/kept-forms.js';
import type { Session } from '../session/session.js';
import { ContactFormPage, type ContactFormPageProps } from './contact-form.page.js';
import { contactErrorsOf, contactTextOf } from './contact-form.js';
import { isUnavailable, KeptNotice, SavedBeforeNotice, UnavailableNotice } from './form-notices.js';
import { FormValues } from '../forms/form-values.js';

const PAGE = '/contacts/new';

/** `GET /contacts/new` and `POST /contacts`. */
@Controller('contacts')
@SignedInPages()
export class NewContactController {
  constructor(
    private readonly backend: Backend,
    private readonly heldForms: HeldForms,
  ) {}

  @Get('new')
  async form(
    @CurrentSession() session: Session,
    @CurrentSession(ViewerPipe) viewer: Viewer,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const held = await this.heldForms.find(request, session, PAGE);
    return formPage(viewer, held ?? {}, held && { notice: <KeptNotice /> });
  }

  @Post()
  @FormPage(PAGE)
  async add(
    @CurrentSession() session: Session,
    @CurrentSession(ViewerPipe) viewer: Viewer,
    @Body({ schema: FormValues }) values: FormValues,
  ): Promise<Answer> {
    try {
      const contact = await this.backend.addContact(session, contactTextOf(values), keyOf(values));
      return new SeeOther(`/contacts/${contact.id}?notice=added`);
    } catch (error) {
      if (error instanceof InvalidInputError) {
        // What was refused used the key up for its words.
        const errors = contactErrorsOf(error.errors);
        return new PageAnswer(400, formPage(viewer, withNewKey(values), { errors }));
      }
      if (error instanceof SentBeforeError) {
        return new PageAnswer(409, formPage(viewer, withNewKey(values), { notice: <SavedBeforeNotice /> }));
      }
      if (isUnavailable(error)) {
        // The same key again: whether the contact was added before the answer was lost, nobody knows.
        return new PageAnswer(503, formPage(viewer, values, { notice: <UnavailableNotice /> }), error.headers);
      }
      throw error;
    }
  }
}

/** The key that makes sending a form twice add one contact; it was made when the form was shown. */
const keyOf = ({ idempotency_key: key }: HeldValues): string =>
  key !== undefined && /^[0-9a-f-]{36}$/.test(key) ? key : randomUUID();

const withNewKey = (values: HeldValues): HeldValues => ({ ...values, idempotency_key: randomUUID() });

function formPage(viewer: Viewer, values: HeldValues, extra: Partial<ContactFormPageProps> = {}) {
  return (
    <ContactFormPage
      viewer={viewer}
      title="New contact"
      action="/contacts"
      text={contactTextOf(values)}
      hidden={{ idempotency_key: keyOf(values) }}
      cancelHref="/contacts"
      {...extra}
    />
  );
}
