import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { type ApiAnswer, request } from './api-requests.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { BACKEND, post } from './token-requests.js';

/** A stream with the access token of its receiver. */
export interface GivenStream {
  readonly id: string;
  /** The access token. */
  readonly token: string;
  readonly configuration: ApiAnswer['body'];
}

/** Returns an access token for streams, by default of the demo backend with the scope `ssf.manage`. */
export async function givenStreamToken(
  provider: ProviderUnderTest,
  authorization = BACKEND,
  scope = 'ssf.manage',
): Promise<string> {
  const parameters = { grant_type: 'client_credentials', scope, resource: `${provider.config.ISSUER}/api` };
  const { body } = await post(provider, '/token', parameters, authorization);
  return body.access_token;
}

/** Sends a request with an access token and an optional JSON body. */
export const send = (
  provider: ProviderUnderTest,
  method: string,
  path: string,
  token: string,
  json?: unknown,
): Promise<ApiAnswer> =>
  request(provider, path, {
    method,
    token,
    ...(json !== undefined && { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
  });

/** Creates a stream, by default of the demo backend with delivery by polling (RFC 8936). */
export async function givenStream(
  provider: ProviderUnderTest,
  content: object = {},
  authorization = BACKEND,
): Promise<GivenStream> {
  const token = await givenStreamToken(provider, authorization);
  const { status, body } = await send(provider, 'POST', '/ssf/streams', token, content);
  if (status !== 201) throw new Error(`The stream was not created: ${status} ${JSON.stringify(body)}`);
  return { id: body.stream_id, token, configuration: body };
}

/** Polls a stream, by default with `returnImmediately`. */
export const poll = (
  provider: ProviderUnderTest,
  { id, token }: Pick<GivenStream, 'id' | 'token'>,
  parameters: object = {},
): Promise<ApiAnswer> =>
  send(provider, 'POST', `/ssf/streams/${id}/poll`, token, { returnImmediately: true, ...parameters });

/** Verifies the signature, type, issuer and audience of a security event token. Returns its claims. */
export async function claimsOfSet(
  provider: ProviderUnderTest,
  set: string,
  audience = 'backend',
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- matchers look into it, and they take anything
): Promise<JWTPayload & Record<string, any>> {
  const keys = createRemoteJWKSet(new URL(`${provider.url}/jwks`));
  const issuer = provider.config.ISSUER;
  return (await jwtVerify(set, keys, { issuer, audience, typ: 'secevent+jwt', algorithms: ['RS256'] })).payload;
}

/** Verifies the security event tokens of a poll. Returns their claims, in order. */
export const claimsOfPoll = (provider: ProviderUnderTest, { body }: ApiAnswer, audience?: string) =>
  Promise.all(Object.values<string>(body.sets).map((set) => claimsOfSet(provider, set, audience)));

/** Polls and acknowledges until a stream is empty. Returns the claims of all its tokens. */
export async function drain(provider: ProviderUnderTest, stream: GivenStream, audience?: string) {
  const received: Awaited<ReturnType<typeof claimsOfPoll>> = [];
  let ack: string[] = [];
  for (;;) {
    const answer = await poll(provider, stream, { ack });
    ack = Object.keys(answer.body.sets);
    if (ack.length === 0) return received;
    received.push(...(await claimsOfPoll(provider, answer, audience)));
  }
}
