import { IssuedAccessTokens } from '../../issued-tokens/issued-access-tokens.js';
import { RefreshTokens } from '../../grants/refresh-tokens.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { Revocations } from '../../issued-tokens/revocations.js';
import { notFound, wrongUsage } from '../exit-code.js';
import type { Installation } from '../installation.js';
import type { Terminal } from '../terminal.js';
import { grantTarget } from './revoke-grant.js';
import type { FindTarget, RevocationTarget } from './revocation-target.js';

/** The `jti` of an access token; a token itself is longer, or has dots. */
const JTI = /^[\w-]{8,64}$/;

/** `revoke --token`: by its `jti`, or the token itself from standard input. */
export const tokenTarget =
  (terminal: Pick<Terminal, 'readInput'>): FindTarget =>
  async (installation, text) => {
    if (text === '-') return presentedToken(installation, (await terminal.readInput()).trim());
    if (JTI.test(text) && !text.startsWith('tfr_')) return namedToken(installation, text);
    throw wrongUsage('error: --token takes a jti, or - for a token at standard input: others can see a command line');
  };

async function presentedToken(installation: Installation, token: string): Promise<RevocationTarget> {
  const { get, origin } = installation;
  const refreshToken = await get(RefreshTokens).find(token);
  if (refreshToken) return grantTarget(installation, refreshToken.grant.id);
  const claims = await get(IssuedAccessTokens).find(token);
  if (!claims) throw notFound('This is no token of this provider, or it has ended.');
  const { jti, client_id, sub } = claims;
  return {
    question: `End the token ${jti} of ${client_id}, and what was exchanged for it?`,
    revoke: async () => {
      await get(Revocations).revokeToken(claims, origin);
      return { json: { jti, client_id, sub }, text: `Ended the token ${jti} and what was exchanged for it.` };
    },
  };
}

/** Nothing is stored of an access token, so its `jti` is noted for as long as any token can live. */
async function namedToken({ get, origin }: Installation, jti: string): Promise<RevocationTarget> {
  const lifetimes = (await get(ResourceServers).all()).map(({ accessTokenLifetime }) => accessTokenLifetime);
  const exp = Math.floor(Date.now() / 1000) + Math.max(...lifetimes, 600);
  return {
    question: `End the token ${jti}, and what was exchanged for it?`,
    revoke: async () => {
      await get(Revocations).revokeToken({ jti, exp }, origin);
      return { json: { jti }, text: `A token ${jti}, if there is one, has ended with what was exchanged for it.` };
    },
  };
}
