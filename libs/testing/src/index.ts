export { freePort } from '@trefoil/local-stack';
export { Browser, type BrowserOptions } from './browser.js';
export { Caller, type Reply } from './caller.js';
export { describeWithChromium, type NewPage } from './chromium.js';
export { testDatabase } from './database.js';
export { databaseConnection, type DatabaseConnection } from './database-connection.js';
export { demoClients, demoUsers } from './demo-data.js';
export { DpopKey, type ProofOptions } from './dpop-key.js';
export { type Form, type FormValues } from './form.js';
export { type Exchange } from './http-exchange.js';
export { Interleaving } from './interleaving.js';
export { LoopbackApi } from './loopback-api.js';
export { LoopbackIssuer } from './loopback-issuer.js';
export { LoopbackOpenIdProvider } from './loopback-openid-provider.js';
export { type Answer, LoopbackServer, type Received } from './loopback-server.js';
export * from './loopback-transmitter.js';
export { type Page } from './page.js';
export { type FoundToken, tokensIn } from './received-tokens.js';
export {
  applyAction,
  type Chain,
  type ChainAction,
  type ChainOutcome,
  type ChainSummary,
  NEW_CHAIN,
} from './refresh-chain-model.js';
export {
  type AuthorizationRequest,
  RelyingParty,
  type RelyingPartyOptions,
  type SignInOptions,
  type Tokens,
} from './relying-party.js';
export { describeWithRedis, startOwnRedis, type TestRedis, testRedis } from './redis.js';
export { breakingChanges, type DatabaseSchema, readSchema } from './schema-changes.js';
export { signInAndConsent } from './sign-in-and-consent.js';
export { stackCertificates, stackDatabaseUrls, stackUrls, stackWebClient } from './stack.js';
