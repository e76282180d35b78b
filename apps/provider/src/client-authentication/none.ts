import type { CredentialsReader } from './presented-credentials.js';

/** `none`: a public client only names itself (OAuth 2.1 §2.4). */
export const none: CredentialsReader = ({ authorization }, parameters) => {
  const clientId = parameters.get('client_id');
  const presentsMore = authorization !== undefined || parameters.has('client_secret');
  return clientId === undefined || presentsMore ? undefined : { method: 'none', clientId };
};
