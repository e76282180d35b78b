export { Authority, type ClientNames, type Validity } from './authority.js';
export { type KeyPair } from './certificate.js';
export { ensurePki, type KeyPairPaths, type Pki, type Service, type ServicePaths } from './pki-folder.js';
