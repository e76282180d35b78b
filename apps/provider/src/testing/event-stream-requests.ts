import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { type ApiAnswer, request } from './api-requests.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { BACKEND, post } from './token-requests.js';

/** What a receiver calls a stream by. */
export interface GivenStream {
  readonly id: string;
  /** The receiver's token. */
  readonly token: string;
  readonly configuration: ApiAnswer['body'];
}

/** A token for streams; of the demo backend, with the scope for everything, unless the test says otherwise. */
export async function givenStreamToken(
  provider: ProviderUnderTest,
  authorization = BACKEND,
  scope = 'ssf.manage',
): Promise<string> {
  const parameters = { grant_type: 'client_credentials', scope, resource: `${provider.config.ISSUER}/api` };
  const { body } = await post(provider, '/token', parameters, authorization);
  return body.access_token;
}

/** Sends JSON with a token. */
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

/** A stream of the demo backend, which is polled unless the test says otherwise. */
export async function givenStream(
  provider: ProviderUnderTest,
  content: object = {},
  authorization = BACKEND,
): Promise<GivenStream> {
  const token = await givenStreamToken(provider, authorization);
  const { status, body } = await send(provider, 'POST', '/ssf/streams', token, content);
  if (status !== 201) throw new Error(`no stream but ${status}: ${JSON.stringify(body)}`);
  return { id: body.stream_id, token, configuration: body };
}

/** Polls a stream; does not wait unless told to. */
export const poll = (
  provider: ProviderUnderTest,
  { id, token }: Pick<GivenStream, 'id' | 'token'>,
  parameters: object = {},
): Promise<ApiAnswer> =>
  send(provider, 'POST', `/ssf/streams/${id}/poll`, token, { returnImmediately: true, ...parameters });

/** What a token of a poll says, after its signature, type, issuer and audience were checked. */
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

/** What the tokens of a poll say, in order. */
export const claimsOfPoll = (provider: ProviderUnderTest, { body }: ApiAnswer, audience?: string) =>
  Promise.all(Object.values<string>(body.sets).map((set) => claimsOfSet(provider, set, audience)));

/** Polls and acknowledges until a stream has nothing more to tell; returns what it told. */
export async function drain(provider: ProviderUnderTest, stream: GivenStream, audience?: string) {
  const told: Awaited<ReturnType<typeof claimsOfPoll>> = [];
  let ack: string[] = [];
  for (;;) {
    const answer = await poll(provider, stream, { ack });
    ack = Object.keys(answer.body.sets);
    if (ack.length === 0) return told;
    told.push(...(await claimsOfPoll(provider, answer, audience)));
  }
}
