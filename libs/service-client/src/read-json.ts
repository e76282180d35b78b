import { ServiceUnavailable, UnexpectedResponse } from './errors.js';

/** Parses a body into a value, as a zod schema does. `parse` throws when the body does not match. */
export interface Schema<T> {
  parse(body: unknown): T;
}

/**
 * Reads a JSON response and parses it with a schema. An empty body is parsed as undefined.
 *
 * @throws ServiceUnavailable when the connection breaks; UnexpectedResponse when the body is not JSON or does not match.
 */
export async function readJson<T>(response: Response, schema: Schema<T>): Promise<T> {
  const text = await readText(response);
  try {
    return schema.parse(text === '' ? undefined : JSON.parse(text));
  } catch (cause) {
    throw new UnexpectedResponse(`${new URL(response.url).origin} sent an unexpected response`, { cause });
  }
}

/** Returns the parsed body of an error response; undefined when it is not JSON. */
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
    throw new ServiceUnavailable(`the response of ${new URL(response.url).origin} was interrupted`, { cause });
  });
