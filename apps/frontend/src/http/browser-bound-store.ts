import { equalInConstantTime, randomSecret, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Encryption } from '../database/encryption.js';
import type { Cookies } from './cookies.js';

/** Describes one kind of entry. */
export interface EntryKind<T> {
  /** The prefix of keys in the database and of cookie names. */
  readonly name: string;
  readonly ttlSeconds: number;
  /** The largest number of entries for one browser. A new entry replaces the oldest one. */
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
// The time at which the cookie was issued, in seconds since 1970, and the secret.
const COOKIE = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

const digest = (text: string): string => sha256(text).toString('base64url');

/**
 * Stores short-lived encrypted values that can be read only in the browser that created them.
 *
 * Each entry has a random handle, which may appear in URLs, and a cookie of its own with a secret. A single cookie for
 * all entries would not work: tabs that a browser restores together would overwrite it.
 */
export class BrowserBoundStore<T> {
  constructor(
    private readonly kind: EntryKind<T>,
    private readonly store: StateStore,
    private readonly cookies: Cookies,
    private readonly encryption: Encryption,
  ) {}

  /** Stores a value, sets the cookie that gives access to it, and returns the handle. */
  async create(request: FastifyRequest, reply: FastifyReply, value: T, handle = randomSecret()): Promise<string> {
    const secret = randomSecret();
    const key = this.key(handle);
    const entry = { browser: digest(secret), sealed: this.encryption.encrypt(value, key) };
    await this.store.set(key, entry, this.kind.ttlSeconds);
    this.dropOldest(request, reply);
    const issuedAt = Math.floor(Date.now() / 1000);
    this.cookies.write(reply, this.cookie(handle), `${issuedAt}.${secret}`, this.kind.ttlSeconds);
    return handle;
  }

  /** Returns the entry with a handle. Returns undefined when it has expired or another browser created it. */
  async find(request: FastifyRequest, handle: string): Promise<BrowserBoundEntry<T> | undefined> {
    const secret = COOKIE.exec(this.cookies.read(request, this.cookie(handle)) ?? '')?.[2];
    if (secret === undefined) return undefined;
    const key = this.key(handle);
    const found = await this.store.get(key);
    if (!found) return undefined;
    const { browser, sealed } = StoredEntry.parse(found.value);
    if (!equalInConstantTime(browser, digest(secret))) return undefined;
    const value = this.kind.schema.parse(this.encryption.decrypt(sealed, key));
    return { handle, value, version: found.version, browser };
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
      { browser, sealed: this.encryption.encrypt(value, key) },
      this.kind.ttlSeconds,
    );
  }

  private dropOldest(request: FastifyRequest, reply: FastifyReply): void {
    const held = [...this.cookies.readAll(request, this.prefix())];
    const issuedAt = (value: string): number => Number(COOKIE.exec(value)?.[1] ?? 0);
    held.sort(([, a], [, b]) => issuedAt(b) - issuedAt(a));
    for (const [rest] of held.slice(this.kind.limit - 1)) this.cookies.clear(reply, this.prefix() + rest);
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
