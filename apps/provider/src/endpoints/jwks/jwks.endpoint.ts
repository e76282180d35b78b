import { Controller, Get, Header } from '@nestjs/common';
import { SigningKeys } from '@trefoil/token-issuance';
import type { JSONWebKeySet } from 'jose';

/** `GET /jwks`: the public keys that verify the provider's signatures (RFC 7517 §5). */
@Controller()
export class JwksEndpoint {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks')
  @Header('Content-Type', 'application/jwk-set+json')
  @Header('Cache-Control', 'public, max-age=300')
  async jwks(): Promise<JSONWebKeySet> {
    const published = await this.keys.published();
    return { keys: published.map(({ publicJwk }) => publicJwk) };
  }
}
