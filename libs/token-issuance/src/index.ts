export * from './access-token-issuer.js';
export * from './derived-token.js';
export * from './id-token-issuer.js';
export * from './response-signer.js';
export * from './signing-key.js';
export * from './signing-keys.js';
