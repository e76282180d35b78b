import { isAnswer, jsonOf, type Visit, type Visitor } from './visitor.js';

/** The members of a metadata document. */
export type Metadata = Readonly<Record<string, unknown>>;

/** The two documents in which an issuer describes itself. */
export interface MetadataDocuments {
  /** OpenID Connect Discovery 1.0 §4. */
  readonly openid: Visit;
  /** RFC 8414 §3. */
  readonly oauth: Visit;
}

/** Reads both metadata documents of an issuer. */
export const observeMetadata = async (visitor: Visitor, issuer: string): Promise<MetadataDocuments> => ({
  openid: await visitor.visit({ url: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration` }),
  oauth: await visitor.visit({ url: wellKnownUrl(issuer, 'oauth-authorization-server') }),
});

/** Returns the URL of a well-known document, whose path comes before the path of the identifier (RFC 8414 §3.1, RFC 9728 §3.1). */
export function wellKnownUrl(identifier: string, document: string): string {
  const { origin, pathname } = new URL(identifier);
  return `${origin}/.well-known/${document}${pathname.replace(/\/$/, '')}`;
}

/** Returns the members of one document; undefined when it was not found. */
export const membersOf = (visit: Visit): Metadata | undefined =>
  isAnswer(visit) && visit.status === 200 ? jsonOf(visit) : undefined;

/** Returns the members of both documents. Where they differ, OpenID Connect Discovery wins. */
export function metadataOf({ openid, oauth }: MetadataDocuments): Metadata | undefined {
  const documents = [membersOf(oauth), membersOf(openid)];
  return documents.some((document) => document !== undefined)
    ? (Object.assign({}, ...documents) as Metadata)
    : undefined;
}

/** Returns the texts of a list in the metadata; undefined when it is not there. */
export function listOf(metadata: Metadata, member: string): string[] | undefined {
  const value = metadata[member];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : undefined;
}

/** Returns a text in the metadata; undefined when it is not there. */
export const textOf = (metadata: Metadata, member: string): string | undefined => {
  const value = metadata[member];
  return typeof value === 'string' ? value : undefined;
};
