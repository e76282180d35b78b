import { sha256 } from '@trefoil/oauth-protocol';
import { formatEntityTag } from './entity-tag.js';

/** Returns the strong entity tag of a representation that has no version. Equal ones have equal tags (RFC 9110 §8.8.3). */
export const contentTagOf = (representation: object): string =>
  formatEntityTag(sha256(JSON.stringify(representation)).toString('base64url'));
