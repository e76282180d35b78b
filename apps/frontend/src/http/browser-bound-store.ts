import { equalInConstantTime, randomSecret, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Cookies } from './cookies.js';
import type { Sealer } from '../database/encryption.js';

/** What entries of one kind are. */
export interface EntryKind<T> {
  /** Names them in the database and in cookies. */
  readonly name: string;
  readonly ttlSeconds: number;
  /** How many one browser may have; the oldest goes for a new one. */
  readonly limit: number;
  readonly schema: z.ZodType<T>;
}

/** An entry that was found. */
export interface BrowserEntry<T> {
  readonly handle: string;
  readonly value: T;
  readonly version: number;
  /** SHA-256 of the secret in the browser's cookie. */
  readonly browser: string;
}

const StoredEntry = z.object({ browser: z.string(), sealed: z.string() });
const COOKIE = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

const digest = (text: string): string => sha256(text).toString('base64url');

/**
 * Short-lived entries that only the browser they were made for can use, several at a time.
 *
 * Each has a random handle, which may be seen in URLs, and a cookie of its own with a secret. One cookie for all would
 * not do: tabs that are restored together would overwrite each other's.
 */
export class BrowserEntries<T> {
  constructor(
    private readonly kind: EntryKind<T>,
    private readonly store: StateStore,
    private readonly cookies: Cookies,
    private readonly sealer: Sealer,
  ) {}

  /** Keeps a value under a new random handle and returns that. */
  async create(request: FastifyRequest, reply: FastifyReply, value: T, handle = randomSecret()): Promise<string> {
    const secret = randomSecret();
    const key = this.key(handle);
    const entry = { browser: digest(secret), sealed: this.sealer.seal(value, key) };
    await this.store.set(key, entry, this.kind.ttlSeconds);
    this.dropOldest(request, reply);
    const issuedAt = Math.floor(Date.now() / 1000);
    this.cookies.write(reply, this.cookie(handle), `${issuedAt}.${secret}`, this.kind.ttlSeconds);
    return handle;
  }

  /** The entry of a handle, if it still exists and this browser's it is. */
  async find(request: FastifyRequest, handle: string): Promise<BrowserEntry<T> | undefined> {
    const secret = COOKIE.exec(this.cookies.read(request, this.cookie(handle)) ?? '')?.[2];
    if (secret === undefined) return undefined;
    const key = this.key(handle);
    const found = await this.store.get(key);
    if (!found) return undefined;
    const { browser, sealed } = StoredEntry.parse(found.value);
    if (!equalInConstantTime(browser, digest(secret))) return undefined;
    const value = this.kind.schema.parse(this.sealer.open(sealed, key));
    return { handle, value, version: found.version, browser };
  }

  /** Writes another value in the place of one that was found; true for exactly one of many callers who found it. */
  replace({ handle, version, browser }: BrowserEntry<T>, value: T): Promise<boolean> {
    const key = this.key(handle);
    return this.store.compareAndSet(
      key,
      version,
      { browser, sealed: this.sealer.seal(value, key) },
      this.kind.ttlSeconds,
    );
  }

  private dropOldest(request: FastifyRequest, reply: FastifyReply): void {
    const held = [...this.cookies.readAll(request, this.prefix())];
    const age = (value: string): number => Number(COOKIE.exec(value)?.[1] ?? 0);
    held.sort(([, a], [, b]) => age(b) - age(a));
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
