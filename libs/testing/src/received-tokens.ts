import type { Exchange } from './http-exchange.js';

export interface FoundToken {
  /** The address whose response held it. */
  url: string;
  /** `body`, or the name of the header. */
  where: string;
  token: string;
}

// A JWT, a refresh token, an authorization code; long enough that nothing random looks like one.
const tokens = /\beyJ[\w-]{8,}\.[\w-]{8,}|\btf[rc]_[\w-]{20,}/g;

/** The tokens in a text. */
export const tokensIn = (text: string): string[] => [...text.matchAll(tokens)].map(([token]) => token);

/** Finds tokens in a response: its headers, Set-Cookie included, and its body. */
export function findTokens({ request, headers, body }: Exchange): FoundToken[] {
  const parts = [...headers].map(([name, value]) => [name, name === 'location' ? withoutCode(value) : value] as const);
  return [...parts, ['body', body] as const].flatMap(([where, text]) =>
    tokensIn(decoded(text)).map((token) => ({ url: request.url.href, where, token })),
  );
}

/** Percent-encoding must not hide anything. */
function decoded(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
}

function withoutCode(location: string): string {
  return location.replace(/([?&]code=)[^&#]*/, '$1');
}
