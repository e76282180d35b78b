import { createHmac, timingSafeEqual } from 'node:crypto';

const UUID_BYTES = 16;
const GENERATION_BYTES = 4;
const MAC_BYTES = 32;

/** The parts of a grant from which its authorization code and refresh tokens are derived. */
export interface DerivationSource {
  /** The id of the grant, a UUID. */
  readonly id: string;
  /** The random secret of the grant. */
  readonly secret: Uint8Array;
}

/** The parts of a refresh token as it was presented. They are not verified. */
export interface PresentedRefreshToken {
  readonly grantId: string;
  readonly generation: number;
  readonly mac: Buffer;
}

/** The parts of an authorization code as it was presented. They are not verified. */
export type PresentedCode = Omit<PresentedRefreshToken, 'generation'>;

/**
 * Derives authorization codes and refresh tokens from a grant, so that they need not be stored. A token consists of the id
 * of its grant and a MAC over (kind, id, generation, secret of the grant) with a key of the server. Neither a leaked database
 * nor a leaked key is enough to forge one.
 *
 * With several keys, the first makes tokens and all are accepted. A token that is derived again with another key has a
 * different value, but the same kind, grant and generation, and counts as the same token.
 */
export class TokenDerivation {
  constructor(private readonly keys: readonly [first: Uint8Array, ...others: Uint8Array[]]) {}

  /** Returns the authorization code of a grant: `tfc_` + base64url(id ‖ MAC). */
  code(source: DerivationSource): string {
    return `tfc_${Buffer.concat([uuidBytes(source.id), mac(this.keys[0], 'code', source, 0)]).toString('base64url')}`;
  }

  /** Returns the refresh token of one generation of a grant: `tfr_` + base64url(id ‖ generation ‖ MAC). */
  refreshToken(source: DerivationSource, generation: number): string {
    const proof = mac(this.keys[0], 'refresh', source, generation);
    return `tfr_${Buffer.concat([uuidBytes(source.id), generationBytes(generation), proof]).toString('base64url')}`;
  }

  /** Returns whether a presented code was derived from this grant. Compares in constant time. */
  isCodeOf(presented: PresentedCode, source: DerivationSource): boolean {
    return this.isMac(presented.mac, 'code', source, 0);
  }

  /** Returns whether a presented refresh token was derived from this grant, in its generation. Compares in constant time. */
  isRefreshTokenOf(presented: PresentedRefreshToken, source: DerivationSource): boolean {
    return this.isMac(presented.mac, 'refresh', source, presented.generation);
  }

  /** Compares with the MACs of all keys, so that the duration does not reveal which key matched. */
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

/** Parses an authorization code. Returns undefined when it is malformed. */
export function readCode(code: string): PresentedCode | undefined {
  const bytes = read(code, 'tfc_', UUID_BYTES + MAC_BYTES);
  return bytes && { grantId: uuidOf(bytes), mac: bytes.subarray(UUID_BYTES) };
}

/** Parses a refresh token. Returns undefined when it is malformed. */
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
  // Other base64url encodings of the same bytes are refused, so that each token has exactly one value.
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
