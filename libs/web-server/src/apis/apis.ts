import type { Api } from '../config.js';

/**
 * The table of APIs that the server calls for its users. A sign-in asks for all of them. Each has access tokens of its
 * own, because the `aud` of a token is one resource server (RFC 9700 §2.3).
 */
export class Apis {
  /** The API whose token comes with the sign-in. The tokens of the others are requested when they are first needed. */
  readonly first: Api;

  constructor(private readonly all: readonly [Api, ...Api[]]) {
    this.first = all[0];
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
