import { Inject, Injectable } from '@nestjs/common';
import { equalInConstantTime, randomSecret } from '@trefoil/oauth-protocol';
import { cookieAttributes, cookieName } from '@trefoil/server-kit';
import { createHmac, hkdfSync } from 'node:crypto';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { ReplyWithCookies, RequestWithCookies } from '../../http/http-message.js';

const KEY_BYTES = 32;

/** Browsers delete cookies after 400 days at most (RFC 6265bis §5.5). */
const LIFETIME_SECONDS = 400 * 24 * 3600;

/** The accounts that one browser remembers. The oldest mark is dropped for a new one. */
const MOST_MARKS = 5;

/**
 * Recognizes browsers in which a person has signed in before, so that strangers who guess passwords cannot lock that person
 * out. The browser keeps a cookie with one mark for each account: a random id, and a MAC over the id and the account. A mark
 * does not contain the account, and nobody can make one without the key, which derives from `GRANT_KEY`.
 */
@Injectable()
export class KnownBrowsers {
  private readonly name: string;
  private readonly keys: readonly Uint8Array[];

  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'GRANT_KEY'>) {
    this.name = cookieName('trefoil_provider_known', config.ISSUER);
    this.keys = config.GRANT_KEY.map(
      (key) => new Uint8Array(hkdfSync('sha256', key, '', 'trefoil known browsers', KEY_BYTES)),
    );
  }

  /** Returns the id of a browser in which a user has signed in before; undefined for any other browser. */
  idFor(request: RequestWithCookies, userId: string): string | undefined {
    const mark = this.marksOf(request).find((each) => this.isOf(each, userId));
    return mark && idOf(mark);
  }

  /** Marks a browser after a sign-in. The browser keeps its id for an account that it knows. */
  remember(request: RequestWithCookies, reply: ReplyWithCookies, userId: string): void {
    const [key] = this.keys;
    if (!key) return;
    const id = this.idFor(request, userId) ?? randomSecret();
    const others = this.marksOf(request).filter((mark) => !this.isOf(mark, userId));
    const marks = [`${id}.${macOf(key, id, userId)}`, ...others].slice(0, MOST_MARKS);
    reply.setCookie(this.name, marks.join('~'), { ...cookieAttributes(this.config.ISSUER), maxAge: LIFETIME_SECONDS });
  }

  private marksOf({ cookies }: RequestWithCookies): readonly string[] {
    return (cookies[this.name] ?? '').split('~', MOST_MARKS).filter((mark) => mark !== '');
  }

  private isOf(mark: string, userId: string): boolean {
    const id = idOf(mark);
    return this.keys.some((key) => equalInConstantTime(mark, `${id}.${macOf(key, id, userId)}`));
  }
}

const idOf = (mark: string): string => mark.slice(0, Math.max(0, mark.indexOf('.')));

const macOf = (key: Uint8Array, id: string, userId: string): string =>
  createHmac('sha256', key).update(`${id}\0${userId}`).digest('base64url');
