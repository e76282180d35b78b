import { NestFactory } from '@nestjs/core';
import { AccessTokenVerifier, GuardsModule } from '@trefoil/guards';

/** A resource server reduced to its token verification: it uses the guards of `@trefoil/guards` and fetches the keys by HTTP. */
export interface TestResourceServer {
  /**
   * Verifies an access token.
   *
   * @throws InvalidTokenError, or another error with which the guard would refuse the request.
   */
  accept(token: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a resource server that accepts tokens of an issuer for a resource. */
export async function startResourceServer(issuer: string, resource: string): Promise<TestResourceServer> {
  const guards = GuardsModule.forRoot({ issuer, resource, realm: 'test', userClients: () => true });
  const context = await NestFactory.createApplicationContext(guards, { logger: false });
  const verifier = context.get(AccessTokenVerifier);
  return {
    accept: async (token) => void (await verifier.verify(token)),
    stop: () => context.close(),
  };
}
