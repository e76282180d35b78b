import { IssuedAccessTokens } from '../../issued-tokens/issued-access-tokens.js';
import { RefreshTokenReader } from '../../grants/refresh-token-reader.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { Revocations } from '../../issued-tokens/revocations.js';
import { notFound, wrongUsage } from '../exit-code.js';
import type { Installation } from '../installation.js';
import type { Terminal } from '../terminal.js';
import { grantTarget } from './revoke-grant.js';
import type { FindTarget, RevocationTarget } from './revocation-target.js';

/** Matches the `jti` of an access token. A token itself is longer or contains dots. */
const JTI = /^[\w-]{8,64}$/;

/** Finds the target of `revoke --token`: a token by its `jti`, or the token itself from standard input. */
export const tokenTarget =
  (terminal: Pick<Terminal, 'readInput'>): FindTarget =>
  async (installation, text) => {
    if (text === '-') return presentedToken(installation, (await terminal.readInput()).trim());
    if (JTI.test(text) && !text.startsWith('tfr_')) return namedToken(installation, text);
    throw wrongUsage(
      'error: --token takes a jti, or - to read a token from standard input: other users can see a command line',
    );
  };

async function presentedToken(installation: Installation, token: string): Promise<RevocationTarget> {
  const { get, origin } = installation;
  const refreshToken = await get(RefreshTokenReader).read(token);
  if (refreshToken) return grantTarget(installation, refreshToken.grant.id);
  const claims = await get(IssuedAccessTokens).find(token);
  if (!claims) throw notFound('This is not an active token of this provider.');
  const { jti, client_id, sub } = claims;
  return {
    question: `Revoke the token ${jti} of ${client_id} and the tokens exchanged for it?`,
    revoke: async () => {
      await get(Revocations).revokeToken(claims, origin);
      return { json: { jti, client_id, sub }, text: `Revoked the token ${jti} and the tokens exchanged for it.` };
    },
  };
}

/** Revokes a token by its `jti`. Access tokens are not stored, so the `jti` is kept for the longest token lifetime. */
async function namedToken({ get, origin }: Installation, jti: string): Promise<RevocationTarget> {
  const lifetimes = (await get(ResourceServers).all()).map(({ accessTokenLifetime }) => accessTokenLifetime);
  const exp = Math.floor(Date.now() / 1000) + Math.max(...lifetimes, 600);
  return {
    question: `Revoke the token ${jti} and the tokens exchanged for it?`,
    revoke: async () => {
      await get(Revocations).revokeToken({ jti, exp }, origin);
      return { json: { jti }, text: `Revoked the token ${jti}, if it exists, and the tokens exchanged for it.` };
    },
  };
}
