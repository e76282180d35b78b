import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import {
  CurrentSession,
  type CurrentUser,
  CurrentUserPipe,
  FormPage,
  FormValues,
  IdempotencyKeyReusedError,
  InvalidInputError,
  KeptForms,
  PageResponse,
  type PageResult,
  SeeOther,
  type Session,
  SignedInPages,
} from '@trefoil/web-server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { BackendClient } from '../backend-client/backend-client.js';
import { CONTACT_LABELS, contactErrorsOf, contactTextOf } from './contact-form.js';
import { ContactFormPage, type ContactFormPageProps } from './contact-form.page.js';
import { KeptNotice, SavedBeforeNotice } from './form-notices.js';
import { offerAgain } from './offer-again.js';

const FORM = { page: '/contacts/new', labels: CONTACT_LABELS, hidden: ['idempotency_key'] };

/** Shows the form of a new contact (`GET /contacts/new`) and saves it (`POST /contacts`). */
@Controller('contacts')
@SignedInPages()
export class NewContactController {
  constructor(
    private readonly backend: BackendClient,
    private readonly keptForms: KeptForms,
  ) {}

  @Get('new')
  async form(
    @CurrentSession() session: Session,
    @CurrentSession(CurrentUserPipe) user: CurrentUser,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageResult> {
    const kept = await this.keptForms.valuesFor(request, reply, session, FORM.page);
    return formPage(user, kept ?? {}, kept && { notice: <KeptNotice /> });
  }

  @Post()
  @FormPage(FORM)
  async add(
    @CurrentSession() session: Session,
    @CurrentSession(CurrentUserPipe) user: CurrentUser,
    @Body({ schema: FormValues }) values: FormValues,
    @Req() request: FastifyRequest,
  ): Promise<PageResult> {
    try {
      const contact = await this.backend.addContact(session, contactTextOf(values), keyOf(values));
      return new SeeOther(`/contacts/${contact.id}?notice=added`);
    } catch (error) {
      if (error instanceof InvalidInputError) {
        // The refused request used the idempotency key, and a key is valid for one content only.
        const errors = contactErrorsOf(error.errors);
        return new PageResponse(400, formPage(user, withNewKey(values), { errors }));
      }
      if (error instanceof IdempotencyKeyReusedError) {
        return new PageResponse(409, formPage(user, withNewKey(values), { notice: <SavedBeforeNotice /> }));
      }
      // The contact may have been added before the answer was lost. With the same key it is not added twice.
      return offerAgain(error, request, (notice) => formPage(user, values, { notice }));
    }
  }
}

/** Returns the idempotency key, which was created when the form was shown. It prevents adding the contact twice. */
const keyOf = ({ idempotency_key: key }: FormValues): string =>
  key !== undefined && /^[0-9a-f-]{36}$/.test(key) ? key : randomUUID();

const withNewKey = (values: FormValues): FormValues => ({ ...values, idempotency_key: randomUUID() });

function formPage(user: CurrentUser, values: FormValues, extra: Partial<ContactFormPageProps> = {}) {
  return (
    <ContactFormPage
      user={user}
      title="New contact"
      action="/contacts"
      text={contactTextOf(values)}
      hidden={{ idempotency_key: keyOf(values) }}
      cancelHref="/contacts"
      {...extra}
    />
  );
}
