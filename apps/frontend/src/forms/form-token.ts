import { Injectable } from '@nestjs/common';
import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { createHmac } from 'node:crypto';
import { Encryption } from '../database/encryption.js';
import type { Session } from '../session/session.js';

/**
 * Creates and verifies the `form_token` that every form carries: `<owner>.<proof>`.
 *
 * `proof` is a MAC made with the session id, so no other site can know it. `owner` is a MAC of the user's `sub`: a form
 * whose session has ended is offered again to the same user only, even when another user signs in at the same browser.
 */
@Injectable()
export class FormTokens {
  constructor(private readonly encryption: Encryption) {}

  /** Returns the form token of a session. */
  create(session: Session): string {
    return `${this.encryption.mac(ownerText(session))}.${proof(session)}`;
  }

  /** Returns whether a submitted token belongs to this session. Compares in constant time. */
  verify(session: Session, token: unknown): boolean {
    if (typeof token !== 'string') return false;
    const owner = ownerIn(token);
    return this.isOwner(session, owner) && equalInConstantTime(token, `${owner}.${proof(session)}`);
  }

  /** Returns whether the owner part of a token names the user of this session. The token may be of another session. */
  isOwner(session: Session, owner: string): boolean {
    return this.encryption.verifyMac(ownerText(session), owner);
  }
}

/** Returns the owner part of a submitted token, without verifying it. */
export const ownerIn = (token: unknown): string => (typeof token === 'string' ? (token.split('.', 1)[0] ?? '') : '');

const ownerText = ({ content }: Session): string => `form owner: ${content.sub}`;

const proof = ({ id }: Session): string => createHmac('sha256', id).update('form token').digest('base64url');
