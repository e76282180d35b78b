import { Injectable } from '@nestjs/common';
import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { createHmac } from 'node:crypto';
import { Sealer } from '../database/encryption.js';
import type { Session } from '../session/session.js';

/**
 * The `form_token` that every form carries: `<whose>.<proof>`.
 *
 * The proof is made from the session's id, which only the cookie holds, so no other site can know it. `whose` marks the
 * person, so that a form whose session is gone is offered again to nobody else who signs in at the same browser.
 */
@Injectable()
export class FormTokens {
  constructor(private readonly sealer: Sealer) {}

  of(session: Session): string {
    return `${this.sealer.mark(owner(session))}.${proof(session)}`;
  }

  matches(session: Session, token: unknown): boolean {
    if (typeof token !== 'string') return false;
    const mark = ownerMarkIn(token);
    return this.isOwner(session, mark) && equalInConstantTime(token, `${mark}.${proof(session)}`);
  }

  /** Whether a mark says that the form is this person's, whatever the session. */
  isOwner(session: Session, mark: string): boolean {
    return this.sealer.isMarkOf(owner(session), mark);
  }
}

/** The owner's mark in a token that was sent, true or not. */
export const ownerMarkIn = (token: unknown): string =>
  typeof token === 'string' ? (token.split('.', 1)[0] ?? '') : '';

const owner = ({ content }: Session): string => `form owner: ${content.sub}`;

const proof = ({ id }: Session): string => createHmac('sha256', id).update('form token').digest('base64url');
