import { Injectable } from '@nestjs/common';
import { InvalidTokenError, TokenSubjects } from '@trefoil/guards';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { Grants } from '../grants/grants.js';

/** Finds the users of access tokens with a pairwise `sub` by the grant of the token. */
@Injectable()
export class GrantSubjects extends TokenSubjects {
  constructor(private readonly grants: Grants) {
    super();
  }

  async find({ sub, subject_type, grant_id }: AccessTokenClaims): Promise<string> {
    if (subject_type !== 'pairwise') return sub;
    const grant = grant_id === undefined ? null : await this.grants.find(grant_id);
    if (!grant) throw new InvalidTokenError('the grant of the token no longer exists');
    return grant.userId;
  }
}
