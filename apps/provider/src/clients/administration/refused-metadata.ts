import { OAuthError } from '@trefoil/oauth-protocol';
import { refusedValue } from '../../http/refusal.js';

/** Splits a description of an error into the member that it begins with and the rest of the sentence. */
const DESCRIPTION = /^(?<field>[a-z_]+(?:\.[\w-]+)*):? (?<message>.*)$/s;

/** Runs the rules of registration, and reports a member that they refuse as a refusal with the name of the member. */
export async function refusingMetadata<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof OAuthError)) throw cause;
    const { field = 'client', message = cause.description } = DESCRIPTION.exec(cause.description)?.groups ?? {};
    // A sentence about two members stays whole.
    throw refusedValue(field, /^(or|and) /.test(message) ? cause.description : message, { cause });
  }
}
