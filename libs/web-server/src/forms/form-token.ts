import { Injectable } from '@nestjs/common';
import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { createHmac } from 'node:crypto';
import { Encryption } from '../database/encryption.js';
import type { Session } from '../session/session.js';

/**
 * Creates and verifies the `form_token` that every form carries: `<owner>.<proof>.<seal>`.
 *
 * - `owner` is a MAC of the user's `sub`: a form whose session has ended is offered again to the same user only, even when
 *   another user signs in at the same browser.
 * - `proof` is a MAC made with the session id, so no other site can know it.
 * - `seal` is a MAC of `owner`: it shows that this server issued the token, also when the session has ended.
 */
@Injectable()
export class FormTokens {
  constructor(private readonly encryption: Encryption) {}

  /** Returns the form token of a session. */
  create(session: Session): string {
    const owner = this.encryption.mac(ownerText(session));
    return `${owner}.${proof(session)}.${this.encryption.mac(sealText(owner))}`;
  }

  /** Returns whether a submitted token belongs to this session. Compares in constant time. */
  verify(session: Session, token: unknown): boolean {
    const [owner, submittedProof = ''] = partsOf(token);
    return this.isIssued(token) && this.isOwner(session, owner) && equalInConstantTime(submittedProof, proof(session));
  }

  /** Returns whether this server issued a token, for a session that may have ended. */
  isIssued(token: unknown): boolean {
    const [owner, , seal = '', ...rest] = partsOf(token);
    return rest.length === 0 && this.encryption.verifyMac(sealText(owner), seal);
  }

  /** Returns whether the owner part of a token names the user of this session. The token may be of another session. */
  isOwner(session: Session, owner: string): boolean {
    return this.encryption.verifyMac(ownerText(session), owner);
  }
}

/** Returns the owner part of a submitted token, without verifying it. */
export const ownerIn = (token: unknown): string => partsOf(token)[0];

const partsOf = (token: unknown): [owner: string, ...string[]] => {
  const [owner = '', ...rest] = typeof token === 'string' ? token.split('.', 4) : [];
  return [owner, ...rest];
};

const ownerText = ({ content }: Session): string => `form owner: ${content.sub}`;

const sealText = (owner: string): string => `form token of: ${owner}`;

const proof = ({ id }: Session): string => createHmac('sha256', id).update('form token').digest('base64url');
