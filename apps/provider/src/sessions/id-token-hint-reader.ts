import { Inject, Injectable } from '@nestjs/common';
import { SigningKeys } from '@trefoil/token-issuance';
import { type CompactJWSHeaderParameters, compactVerify, errors } from 'jose';
import { z } from 'zod';
import { CONFIG, type ProviderConfig } from '../config.js';
import { OFFERED_ALGORITHMS } from '../keys/offered-algorithms.js';

const Claims = z.object({
  iss: z.string(),
  aud: z.union([z.string().transform((aud) => [aud]), z.array(z.string())]),
  sub: z.string(),
  // Other JWTs of this server, such as signed userinfo responses, do not have this claim.
  auth_time: z.number(),
  sid: z.string().optional(),
});

/** The claims of an ID token that prove a sign-in. The token may have expired. */
export interface IdTokenHint {
  /** The subject of the ID token: public, or pairwise for these clients. */
  readonly sub: string;
  /** The session that the ID token was issued in; undefined when the client gets no `sid`. */
  readonly sid?: string | undefined;
  /** The clients that it was issued to. */
  readonly clientIds: readonly string[];
}

/** Reads ID tokens that clients send back as `id_token_hint` (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2, §4). */
@Injectable()
export class IdTokenHintReader {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** Verifies an ID token. Accepts expired ones; returns undefined when this server did not issue it. */
  async read(idToken: string): Promise<IdTokenHint | undefined> {
    const keyOf = async ({ kid = '', alg, typ }: CompactJWSHeaderParameters) => {
      const algorithm = OFFERED_ALGORITHMS.find((offered) => offered === alg);
      const key = algorithm && (await this.keys.findFormer(kid, algorithm));
      // Access tokens are signed with the same keys.
      if (!key || (typ !== undefined && typ !== 'JWT')) throw new errors.JWSInvalid('not an ID token of this server');
      return key;
    };
    const claims = await compactVerify(idToken, keyOf).then(({ payload }) => claimsOf(payload), refusedByJose);
    if (claims?.iss !== this.config.ISSUER) return undefined;
    return { sub: claims.sub, sid: claims.sid, clientIds: claims.aud };
  }
}

function claimsOf(payload: Uint8Array): z.output<typeof Claims> | undefined {
  try {
    return Claims.safeParse(JSON.parse(Buffer.from(payload).toString())).data;
  } catch {
    return undefined;
  }
}

function refusedByJose(error: unknown): undefined {
  if (!(error instanceof errors.JOSEError)) throw error;
}
