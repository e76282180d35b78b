import { Injectable } from '@nestjs/common';
import { randomSecret } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SeeOther } from '../http/page-result.js';
import { Provider } from '../provider-client/provider-client.js';
import { SignInTransactions } from './sign-in-transactions.js';

/** Begins sign-ins. */
@Injectable()
export class SignInStarts {
  constructor(
    private readonly provider: Provider,
    private readonly transactions: SignInTransactions,
  ) {}

  /**
   * Sends a browser to the provider, to come back to a path of this server.
   *
   * @throws DependencyUnavailableError
   */
  async begin(request: FastifyRequest, reply: FastifyReply, returnTo: string, loginHint?: string): Promise<SeeOther> {
    const secrets = { state: randomSecret(), nonce: randomSecret(), codeVerifier: randomSecret() };
    const url = await this.provider.signInUrl(secrets, loginHint);
    const { state, nonce, codeVerifier } = secrets;
    await this.transactions.create(request, reply, { status: 'open', returnTo, nonce, codeVerifier }, state);
    return new SeeOther(url.href);
  }
}
