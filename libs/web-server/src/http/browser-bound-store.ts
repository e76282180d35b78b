import { equalInConstantTime, randomSecret, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SealedEntries } from '../database/sealed-entries.js';
import type { Cookies } from './cookies.js';

/** Describes one kind of entry. */
export interface EntryKind<T> {
  /** The prefix of keys in the database and of cookie names. */
  readonly name: string;
  readonly ttlSeconds: number;
  /** The largest number of entries for one browser. The oldest ones are dropped. */
  readonly limit: number;
  readonly schema: z.ZodType<T>;
}

/** An entry that was read from the store. */
export interface BrowserBoundEntry<T> {
  readonly handle: string;
  readonly value: T;
  readonly version: number;
  /** SHA-256 of the secret in the browser's cookie. */
  readonly browser: string;
}

const StoredEntry = z.object({ browser: z.string(), sealed: z.string() });
// The time at which the cookie was issued, in milliseconds since 1970, and the secret.
const COOKIE = /^(\d{1,15})\.([A-Za-z0-9_-]{43})$/;
/** The number of cookies that one response drops. The headers of more would exceed what some proxies accept. */
const DROPPED_AT_ONCE = 10;

let lastIssue = 0;
/** Returns the time in milliseconds since 1970, and a later one at each call, so that cookies have an order. */
const issueTime = (): number => (lastIssue = Math.max(Date.now(), lastIssue + 1));

const digest = (text: string): string => sha256(text).toString('base64url');

/**
 * Stores short-lived encrypted values that can be read only in the browser that created them.
 *
 * Each entry has a random handle, which may appear in URLs, and a cookie of its own with a secret. A single cookie for
 * all entries would not work: tabs that a browser restores together would overwrite it. The cookies of a browser are
 * counted wherever they are seen, because a request whose answer sets one need not carry the others.
 */
export class BrowserBoundStore<T> {
  constructor(
    private readonly kind: EntryKind<T>,
    private readonly store: StateStore,
    private readonly cookies: Cookies,
    private readonly entries: SealedEntries,
  ) {}

  /** Stores a value, sets the cookie that gives access to it, and returns the handle. */
  async create(request: FastifyRequest, reply: FastifyReply, value: T, handle = randomSecret()): Promise<string> {
    const secret = randomSecret();
    const key = this.key(handle);
    const entry = { browser: digest(secret), sealed: this.entries.seal(value, key) };
    await this.store.set(key, entry, this.kind.ttlSeconds);
    this.dropOldest(request, reply, this.kind.limit - 1);
    this.cookies.write(reply, this.cookie(handle), `${issueTime()}.${secret}`, this.kind.ttlSeconds);
    return handle;
  }

  /** Drops the oldest cookies of a browser that carries too many. Belongs into the answer to every request. */
  dropSurplus(request: FastifyRequest, reply: FastifyReply): void {
    this.dropOldest(request, reply, this.kind.limit);
  }

  /**
   * Returns the entry with a handle. Returns undefined when it has expired, when another browser created it, or when it
   * cannot be read; in the last case it also drops the cookie.
   */
  async find(request: FastifyRequest, reply: FastifyReply, handle: string): Promise<BrowserBoundEntry<T> | undefined> {
    const cookie = this.cookie(handle);
    const secret = COOKIE.exec(this.cookies.read(request, cookie) ?? '')?.[2];
    if (secret === undefined) return undefined;
    const key = this.key(handle);
    const found = await this.store.get(key);
    if (!found) return undefined;
    const { name, schema } = this.kind;
    const stored = this.entries.parse(name, found.value, StoredEntry);
    if (stored && !equalInConstantTime(stored.browser, digest(secret))) return undefined;
    const value = stored && this.entries.open(name, key, stored.sealed, schema);
    if (!value) return void this.cookies.clear(reply, cookie);
    return { handle, value, version: found.version, browser: stored.browser };
  }

  /**
   * Replaces the value of an entry by compare-and-set.
   *
   * @returns whether this call wrote the value. Of several callers that read the same version, exactly one gets true.
   */
  replace({ handle, version, browser }: BrowserBoundEntry<T>, value: T): Promise<boolean> {
    const key = this.key(handle);
    return this.store.compareAndSet(
      key,
      version,
      { browser, sealed: this.entries.seal(value, key) },
      this.kind.ttlSeconds,
    );
  }

  private dropOldest(request: FastifyRequest, reply: FastifyReply, kept: number): void {
    const issuedAt = (value: string): number => Number(COOKIE.exec(value)?.[1] ?? 0);
    const held = [...this.cookies.readAll(request, this.prefix())].sort(([, a], [, b]) => issuedAt(a) - issuedAt(b));
    const surplus = Math.min(Math.max(0, held.length - kept), DROPPED_AT_ONCE);
    for (const [rest] of held.slice(0, surplus)) this.cookies.clear(reply, this.prefix() + rest);
  }

  private key(handle: string): string {
    return `${this.kind.name}:${digest(handle)}`;
  }

  private prefix(): string {
    return `${this.kind.name.replaceAll('-', '_')}_`;
  }

  private cookie(handle: string): string {
    return this.prefix() + digest(handle).slice(0, 16);
  }
}
