import type { Observations } from '../observations/observe.js';
import type { Answer, VisitRequest } from '../observations/visitor.js';

/** Returns an answer of a server. */
export const answer = (request: VisitRequest, changes: Partial<Answer> = {}): Answer => ({
  request,
  status: 200,
  headers: {},
  cookies: [],
  body: '',
  receivedAt: new Date(),
  ...changes,
});

/** Returns the observations of an issuer at https://auth.example.com about which nothing else is known. */
export const observations = (changes: Partial<Observations> = {}): Observations => {
  const issuer = 'https://auth.example.com';
  const nothing = answer({ url: issuer }, { status: 404 });
  return {
    target: { issuer },
    servers: [{ name: 'issuer', url: issuer }],
    startedAt: new Date(),
    handshakes: [],
    documents: { openid: nothing, oauth: nothing },
    metadata: {},
    endpoints: [],
    unknownClient: [],
    signIn: [],
    resourceMetadata: undefined,
    management: [],
    clients: { clients: [] },
    visits: [],
    ...changes,
  };
};
