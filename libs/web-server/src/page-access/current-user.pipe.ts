import { Injectable, type PipeTransform } from '@nestjs/common';
import { FormTokens } from '../forms/form-token.js';
import type { CurrentUser } from '../http/site-layout.js';
import type { Session } from '../session/session.js';

/** Transforms a session into the {@link CurrentUser} that pages show. */
@Injectable()
export class CurrentUserPipe implements PipeTransform<Session | undefined, CurrentUser | undefined> {
  constructor(private readonly formTokens: FormTokens) {}

  transform(session: Session): CurrentUser;
  transform(session: Session | undefined): CurrentUser | undefined;
  transform(session: Session | undefined): CurrentUser | undefined {
    return session && { name: session.content.name ?? 'Your account', formToken: this.formTokens.create(session) };
  }
}
