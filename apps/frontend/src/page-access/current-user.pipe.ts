import { Injectable, type PipeTransform } from '@nestjs/common';
import { FormTokens } from '../forms/form-token.js';
import type { Session } from '../session/session.js';

/** What a page may know of the person who looks at it: nothing that opens anything elsewhere. */
export interface Viewer {
  readonly name: string;
  /** Goes into every form. */
  readonly formToken: string;
}

/** Makes the {@link Viewer} of a session. */
@Injectable()
export class ViewerPipe implements PipeTransform<Session | undefined, Viewer | undefined> {
  constructor(private readonly formTokens: FormTokens) {}

  transform(session: Session): Viewer;
  transform(session: Session | undefined): Viewer | undefined;
  transform(session: Session | undefined): Viewer | undefined {
    return session && { name: session.content.name ?? 'Your account', formToken: this.formTokens.of(session) };
  }
}
