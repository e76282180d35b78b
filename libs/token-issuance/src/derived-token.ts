import { createHmac, timingSafeEqual } from 'node:crypto';

const UUID_BYTES = 16;
const GENERATION_BYTES = 4;
const MAC_BYTES = 32;

/** What an authorization code and every refresh token of a grant are derived from. */
export interface DerivationSource {
  /** The id of the grant, a UUID. */
  readonly id: string;
  /** The grant's own random secret. */
  readonly secret: Uint8Array;
}

/** A refresh token as it was presented: whose it claims to be, not yet whether that is true. */
export interface PresentedRefreshToken {
  readonly grantId: string;
  readonly generation: number;
  readonly mac: Buffer;
}

/** An authorization code as it was presented. */
export type PresentedCode = Omit<PresentedRefreshToken, 'generation'>;

/**
 * Derives authorization codes and refresh tokens from a grant, so that none is ever stored: a token is the id of its
 * grant and a MAC over (kind, id, generation, the grant's secret) with a key that only the server has. Neither a leaked
 * database nor a leaked key alone can mint one.
 *
 * There may be several keys: the first makes tokens, those of any are good. A token that is made again under another key
 * is spelled differently and is the same token: same kind, grant and generation.
 */
export class TokenDerivation {
  constructor(private readonly keys: readonly [first: Uint8Array, ...others: Uint8Array[]]) {}

  /** The authorization code of a grant: `tfc_` + base64url(id ‖ MAC). */
  code(source: DerivationSource): string {
    return `tfc_${Buffer.concat([uuidBytes(source.id), mac(this.keys[0], 'code', source, 0)]).toString('base64url')}`;
  }

  /** The refresh token of one generation of a grant: `tfr_` + base64url(id ‖ generation ‖ MAC). */
  refreshToken(source: DerivationSource, generation: number): string {
    const proof = mac(this.keys[0], 'refresh', source, generation);
    return `tfr_${Buffer.concat([uuidBytes(source.id), generationBytes(generation), proof]).toString('base64url')}`;
  }

  /** Whether a presented code is the one of this grant; compared in constant time. */
  isCodeOf(presented: PresentedCode, source: DerivationSource): boolean {
    return this.isMac(presented.mac, 'code', source, 0);
  }

  /** Whether a presented refresh token is one of this grant, of whatever generation; compared in constant time. */
  isRefreshTokenOf(presented: PresentedRefreshToken, source: DerivationSource): boolean {
    return this.isMac(presented.mac, 'refresh', source, presented.generation);
  }

  /** Compares with the MACs of all keys, so that the time it takes does not tell which it was. */
  private isMac(presented: Buffer, kind: Kind, source: DerivationSource, generation: number): boolean {
    return this.keys.map((key) => timingSafeEqual(presented, mac(key, kind, source, generation))).includes(true);
  }
}

type Kind = 'code' | 'refresh';

function mac(key: Uint8Array, kind: Kind, { id, secret }: DerivationSource, generation: number): Buffer {
  return createHmac('sha256', key)
    .update(kind)
    .update(uuidBytes(id))
    .update(generationBytes(generation))
    .update(secret)
    .digest();
}

/** Reads an authorization code; undefined when it has not the form of one. */
export function readCode(code: string): PresentedCode | undefined {
  const bytes = read(code, 'tfc_', UUID_BYTES + MAC_BYTES);
  return bytes && { grantId: uuidOf(bytes), mac: bytes.subarray(UUID_BYTES) };
}

/** Reads a refresh token; undefined when it has not the form of one. */
export function readRefreshToken(token: string): PresentedRefreshToken | undefined {
  const bytes = read(token, 'tfr_', UUID_BYTES + GENERATION_BYTES + MAC_BYTES);
  if (!bytes) return undefined;
  const mac = bytes.subarray(UUID_BYTES + GENERATION_BYTES);
  return { grantId: uuidOf(bytes), generation: bytes.readUInt32BE(UUID_BYTES), mac };
}

function read(token: string, prefix: string, length: number): Buffer | undefined {
  if (!token.startsWith(prefix)) return undefined;
  const encoded = token.slice(prefix.length);
  const bytes = Buffer.from(encoded, 'base64url');
  // Only the one canonical spelling of a token is that token.
  return bytes.length === length && bytes.toString('base64url') === encoded ? bytes : undefined;
}

function generationBytes(generation: number): Buffer {
  const bytes = Buffer.alloc(GENERATION_BYTES);
  bytes.writeUInt32BE(generation);
  return bytes;
}

const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex', 0, UUID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
