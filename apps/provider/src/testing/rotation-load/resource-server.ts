import { NestFactory } from '@nestjs/core';
import { AccessTokenVerifier, GuardsModule } from '@trefoil/guards';

/** A resource server, as far as it takes tokens: with the guards as every server has them, and keys by HTTP. */
export interface TestResourceServer {
  /** @throws InvalidTokenError and whatever else the guard would refuse a request for. */
  accept(token: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startResourceServer(issuer: string, resource: string): Promise<TestResourceServer> {
  const guards = GuardsModule.forRoot({ issuer, resource, realm: 'test', userClients: () => true });
  const context = await NestFactory.createApplicationContext(guards, { logger: false });
  const verifier = context.get(AccessTokenVerifier);
  return {
    accept: async (token) => void (await verifier.verify(token)),
    stop: () => context.close(),
  };
}
