import { contactScopes, scopeNames, scopesOf } from '@trefoil/dto';
import { Inject, Injectable } from '@nestjs/common';
import { type Api, BACKEND, CONFIG, type FrontendConfig } from '../config.js';

/**
 * The table of APIs that the frontend calls for its users. A sign-in asks for all of them. Each has access tokens of its
 * own, because the `aud` of a token is one resource server (RFC 9700 §2.3).
 */
@Injectable()
export class Apis {
  /** The API whose token comes with the sign-in. The tokens of the others are requested when they are first needed. */
  readonly first: Api;
  private readonly all: readonly [Api, ...Api[]];

  constructor(
    @Inject(CONFIG)
    {
      BACKEND_URL,
      BACKEND_MTLS_URL,
      BACKEND_AUDIENCE,
      APIS = [],
    }: Pick<FrontendConfig, 'BACKEND_URL' | 'BACKEND_MTLS_URL' | 'BACKEND_AUDIENCE' | 'APIS'>,
  ) {
    this.first = {
      name: BACKEND,
      resource: BACKEND_AUDIENCE ?? BACKEND_URL,
      url: BACKEND_MTLS_URL ?? BACKEND_URL,
      scopes: scopeNames(scopesOf(contactScopes, 'users')),
      browserPaths: ['/v1/contacts', '/v1/profile'],
    };
    this.all = [this.first, ...APIS];
  }

  /** Returns the API with a name. */
  find(name: string): Api | undefined {
    return this.all.find((api) => api.name === name);
  }

  /** The scopes of all APIs. */
  get scopes(): readonly string[] {
    return this.all.flatMap(({ scopes }) => scopes);
  }

  /** The resource identifiers of all APIs, the first API first (RFC 8707 §2). */
  get resources(): readonly string[] {
    return this.all.map(({ resource }) => resource);
  }
}
