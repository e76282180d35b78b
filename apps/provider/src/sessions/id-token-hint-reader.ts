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
  sid: z.string(),
});

/** What an ID token proves about a sign-in, however old it is. */
export interface IdTokenHint {
  /** The user, as these clients know them. */
  readonly sub: string;
  /** The session the ID token was issued in. */
  readonly sid: string;
  /** The clients it was issued to. */
  readonly clientIds: readonly string[];
}

/** Reads ID tokens of our own that come back as hints (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2, §4). */
@Injectable()
export class IdTokenHintReader {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** Undefined when it is not an ID token we signed. One that has expired is a hint as good as any. */
  async read(idToken: string): Promise<IdTokenHint | undefined> {
    const keyOf = async ({ kid = '', alg, typ }: CompactJWSHeaderParameters) => {
      const algorithm = OFFERED_ALGORITHMS.find((offered) => offered === alg);
      const key = algorithm && (await this.keys.findFormer(kid, algorithm));
      // An access token is signed by us too.
      if (!key || (typ !== undefined && typ !== 'JWT')) throw new errors.JWSInvalid('not an ID token of ours');
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
