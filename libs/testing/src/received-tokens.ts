import type { Exchange } from './http-exchange.js';

/** A token in a recorded response. */
export interface FoundToken {
  /** The URL of the request. */
  url: string;
  /** `body`, or the name of the response header. */
  where: string;
  token: string;
}

// Matches JWTs, refresh tokens and authorization codes. The minimum lengths prevent accidental matches.
const TOKENS = /\beyJ[\w-]{8,}\.[\w-]{8,}|\btf[rc]_[\w-]{20,}/g;

/** Returns the tokens in a text. */
export const tokensIn = (text: string): string[] => [...text.matchAll(TOKENS)].map(([token]) => token);

/** Returns the tokens in the headers, including Set-Cookie, and in the body of a response. */
export function findTokens({ request, headers, body }: Exchange): FoundToken[] {
  const parts = [...headers].map(([name, value]) => [name, name === 'location' ? withoutCode(value) : value] as const);
  return [...parts, ['body', body] as const].flatMap(([where, text]) =>
    tokensIn(decoded(text)).map((token) => ({ url: request.url.href, where, token })),
  );
}

/** Decodes percent-encoding, which could hide a token. */
function decoded(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
}

function withoutCode(location: string): string {
  return location.replace(/([?&]code=)[^&#]*/, '$1');
}
