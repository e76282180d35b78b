import { invalidRequest } from './oauth-error.js';

/** The parameters of the requests that the provider reads. */
const KNOWN: ReadonlySet<string> = new Set([
  // Authorization requests (OAuth 2.1 §4.1.1, OpenID Connect Core §3.1.2.1, §5.5, §6, §7.2.1, RFC 8707, RFC 9449 §10).
  ...['client_id', 'response_type', 'redirect_uri', 'scope', 'state', 'code_challenge', 'code_challenge_method'],
  ...['nonce', 'response_mode', 'display', 'prompt', 'max_age', 'ui_locales', 'claims_locales', 'id_token_hint'],
  ...['login_hint', 'acr_values', 'claims', 'request', 'request_uri', 'registration', 'resource', 'dpop_jkt'],
  // Client authentication (RFC 6749 §2.3.1, RFC 7521 §4.2).
  ...['client_secret', 'client_assertion', 'client_assertion_type'],
  // Token requests (RFC 6749 §4.1.3, §6, RFC 7636 §4.5, RFC 8628 §3.4, RFC 8693 §2.1).
  ...['grant_type', 'code', 'code_verifier', 'refresh_token', 'device_code', 'audience', 'requested_token_type'],
  ...['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type'],
  // Introspection, revocation and logout (RFC 7662 §2.1, RFC 7009 §2.1, RP-Initiated Logout §2).
  ...['token', 'token_type_hint', 'post_logout_redirect_uri', 'logout_hint'],
]);

/** The parameters that an HTTP framework parsed from a query or a form. The values of a repeated name are an array. */
export type RawParameters = Readonly<Record<string, unknown>>;

/**
 * The parameters of an OAuth request. Each may occur once, an empty value counts as absent, and unknown names are
 * ignored (RFC 6749 §3.1, §3.2). Only `resource` and `audience` may be repeated (RFC 8707 §2, RFC 8693 §2.1).
 */
export class Parameters {
  private constructor(private readonly values: ReadonlyMap<string, readonly string[]>) {}

  /**
   * Reads the parameters of a request.
   *
   * @throws OAuthError `invalid_request` when a value is not a string, contains a NUL or is not valid UTF-8. The
   *   description names the parameter.
   */
  static from(raw: RawParameters | undefined | null): Parameters {
    const values = new Map<string, string[]>();
    for (const [name, value] of Object.entries(raw ?? {})) {
      const given = (Array.isArray(value) ? value : [value]).map((item: unknown) => {
        if (typeof item !== 'string') throw invalidRequest(`${labelOf(name)} must be a string`);
        if (item.includes('\0')) throw invalidRequest(`${labelOf(name)} must not contain a NUL character`);
        // Lenient decoders replace bytes that are not UTF-8 with this character.
        if (item.includes('\uFFFD')) throw invalidRequest(`${labelOf(name)} is not valid UTF-8`);
        return item;
      });
      values.set(name, given);
    }
    return new Parameters(values);
  }

  /**
   * Returns the value of a parameter, or undefined when it is absent or empty.
   *
   * @throws OAuthError `invalid_request` when it is repeated (RFC 6749 §3.1).
   */
  get(name: string): string | undefined {
    const given = this.values.get(name) ?? [];
    if (given.length > 1) throw invalidRequest(`${labelOf(name)} must not be repeated`);
    return given[0] || undefined;
  }

  /**
   * Returns the value of a required parameter.
   *
   * @throws OAuthError `invalid_request` when it is absent, empty or repeated.
   */
  require(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw invalidRequest(`${name} is missing`);
    return value;
  }

  /** Returns all values of a parameter that may be repeated, without the empty ones. */
  all(name: string): string[] {
    return (this.values.get(name) ?? []).filter(Boolean);
  }

  /** Returns whether a parameter has a value that is not empty. */
  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  /** Returns a copy in which the given values replace those of the same names. Undefined values replace nothing. */
  with(values: Readonly<Record<string, string | undefined>>): Parameters {
    const changed = new Map(this.values);
    for (const [name, value] of Object.entries(values)) if (value !== undefined) changed.set(name, [value]);
    return new Parameters(changed);
  }

  /** Returns a copy without the parameters of the given names. */
  without(...names: string[]): Parameters {
    return new Parameters(new Map([...this.values].filter(([name]) => !names.includes(name))));
  }

  /** Returns a copy without unknown parameters. They are ignored (RFC 6749 §3.1, §3.2), so nothing may store them. */
  known(): Parameters {
    return new Parameters(new Map([...this.values].filter(([name]) => KNOWN.has(name))));
  }

  /** Returns the parameters for a new request. Repeated parameters stay repeated. */
  toURLSearchParams(): URLSearchParams {
    return new URLSearchParams([...this.values].flatMap(([name, given]) => given.map((value) => [name, value])));
  }

  /**
   * Checks that no parameter is repeated except those of the given names (RFC 6749 §3.1, §3.2). Unknown parameters are
   * ignored, also when they are repeated.
   *
   * @throws OAuthError `invalid_request` when another one is.
   */
  refuseRepeated(...allowed: string[]): void {
    for (const name of this.values.keys()) if (KNOWN.has(name) && !allowed.includes(name)) this.get(name);
  }
}

/**
 * Returns the name of a parameter for an error description. Only plain names are quoted, because the caller chose them.
 */
const labelOf = (name: string): string => (/^[\w.-]{1,40}$/.test(name) ? name : 'a parameter');
