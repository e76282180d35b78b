import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { SigningKeys } from '@trefoil/token-issuance';
import type { FastifyReply } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import { CONFIG, type ProviderConfig } from '../../config.js';

/** Serves `GET /jwks`: the public keys that verify the provider's signatures (RFC 7517 §5). */
@Controller()
export class JwksController {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'JWKS_MAX_AGE'>,
  ) {}

  /** Returns all published keys. Each is published for longer than a response may be cached before it signs. */
  @Get('jwks')
  @Header('Content-Type', 'application/jwk-set+json')
  async jwks(@Res({ passthrough: true }) reply: FastifyReply): Promise<JSONWebKeySet> {
    reply.header('Cache-Control', `public, max-age=${this.config.JWKS_MAX_AGE}`);
    const published = await this.keys.published();
    return { keys: published.map(({ publicJwk }) => publicJwk) };
  }
}
