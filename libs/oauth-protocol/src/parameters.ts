import { invalidRequest } from './oauth-error.js';

/** What an HTTP framework parsed from a query or form: repeated names become arrays. */
export type RawParameters = Readonly<Record<string, unknown>>;

/**
 * The parameters of an OAuth request: each at most once, an empty value counting as absent, unknown ones ignored
 * (RFC 6749 §3.1, §3.2). Only `resource` and `audience` may be repeated (RFC 8707 §2, RFC 8693 §2.1).
 */
export class Parameters {
  private constructor(private readonly values: ReadonlyMap<string, readonly string[]>) {}

  /**
   * Reads the parameters of a request.
   *
   * @throws OAuthError `invalid_request` naming the parameter that is no string, has a NUL or is not UTF-8.
   */
  static from(raw: RawParameters | undefined | null): Parameters {
    const values = new Map<string, string[]>();
    for (const [name, value] of Object.entries(raw ?? {})) {
      const given = (Array.isArray(value) ? value : [value]).map((item: unknown) => {
        if (typeof item !== 'string') throw invalidRequest(`${labelOf(name)} must be a string`);
        if (item.includes('\0')) throw invalidRequest(`${labelOf(name)} must not contain a NUL character`);
        // What a lenient decoder leaves of bytes that are no UTF-8.
        if (item.includes('\uFFFD')) throw invalidRequest(`${labelOf(name)} is not valid UTF-8`);
        return item;
      });
      values.set(name, given);
    }
    return new Parameters(values);
  }

  /**
   * The value of a parameter, or undefined when it is absent or empty.
   *
   * @throws OAuthError `invalid_request` when it is repeated (RFC 6749 §3.1).
   */
  get(name: string): string | undefined {
    const given = this.values.get(name) ?? [];
    if (given.length > 1) throw invalidRequest(`${labelOf(name)} must not be repeated`);
    return given[0] || undefined;
  }

  /**
   * The value of a parameter that must be there.
   *
   * @throws OAuthError `invalid_request` when it is absent, empty or repeated.
   */
  require(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw invalidRequest(`${name} is missing`);
    return value;
  }

  /** Every value of a parameter that may be repeated. */
  all(name: string): string[] {
    return (this.values.get(name) ?? []).filter(Boolean);
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  /** The same parameters, with these in place of those of their names; what is undefined is left as it is. */
  with(values: Readonly<Record<string, string | undefined>>): Parameters {
    const changed = new Map(this.values);
    for (const [name, value] of Object.entries(values)) if (value !== undefined) changed.set(name, [value]);
    return new Parameters(changed);
  }

  /** The same parameters but for those of these names. */
  without(...names: string[]): Parameters {
    return new Parameters(new Map([...this.values].filter(([name]) => !names.includes(name))));
  }

  /**
   * The parameters as they go into a new request; a repeated one appears as often.
   */
  toURLSearchParams(): URLSearchParams {
    return new URLSearchParams([...this.values].flatMap(([name, given]) => given.map((value) => [name, value])));
  }

  /**
   * Refuses a request that repeats any parameter but the given ones, known or not (RFC 6749 §3.1).
   *
   * @throws OAuthError `invalid_request`
   */
  refuseRepeated(...allowed: string[]): void {
    for (const name of this.values.keys()) if (!allowed.includes(name)) this.get(name);
  }
}

/** A name as an answer may quote it: what a stranger calls a parameter is no message of ours. */
const labelOf = (name: string): string => (/^[\w.-]{1,40}$/.test(name) ? name : 'a parameter');
