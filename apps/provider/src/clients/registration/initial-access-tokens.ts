import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { sha256 } from '@trefoil/oauth-protocol';
import { Repository } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { InitialAccessToken } from './initial-access-token.entity.js';

/** Finds the tokens that allow the registration of clients. */
@Injectable()
export class InitialAccessTokens {
  constructor(
    @InjectRepository(InitialAccessToken) private readonly tokens: Repository<InitialAccessToken>,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'NODE_ENV'>,
  ) {}

  /** Finds a token that was presented. Returns null when it is unknown, has expired, was revoked or is refused in production. */
  async findPresented(presented: string): Promise<InitialAccessToken | null> {
    const token = await this.tokens.findOneBy({ tokenHash: sha256(presented) });
    if (!token || token.revokedAt || (token.expiresAt && token.expiresAt <= new Date())) return null;
    return token.refusedInProduction && this.config.NODE_ENV === 'production' ? null : token;
  }

  /** Finds a token by id, even if it has expired or was revoked. */
  find(id: string): Promise<InitialAccessToken | null> {
    return this.tokens.findOneBy({ id });
  }
}
