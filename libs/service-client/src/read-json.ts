import { ServiceUnavailable, UnexpectedResponse } from './errors.js';

/** What turns a body into a value, such as a zod schema; throws when it does not fit. */
export interface Schema<T> {
  parse(body: unknown): T;
}

/**
 * Reads a JSON answer with a schema; an empty body is undefined.
 *
 * @throws ServiceUnavailable when the answer breaks off; UnexpectedResponse when it does not fit.
 */
export async function readJson<T>(response: Response, schema: Schema<T>): Promise<T> {
  const text = await readText(response);
  try {
    return schema.parse(text === '' ? undefined : JSON.parse(text));
  } catch (cause) {
    throw new UnexpectedResponse(`${new URL(response.url).origin} answered something unexpected`, { cause });
  }
}

/** The body of a refusal: parsed when it is JSON, undefined otherwise. */
export async function readBody(response: Response): Promise<unknown> {
  const text = await readText(response);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const readText = (response: Response): Promise<string> =>
  response.text().catch((cause: unknown) => {
    throw new ServiceUnavailable(`the answer of ${new URL(response.url).origin} broke off`, { cause });
  });
