import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { decodeJwt } from 'jose';
import type { GuardsOptions, OtherIssuer, TrustedIssuer } from '../guards-options.js';
import { IntrospectedRevocations } from '../revocation/introspected-revocations.js';
import { NoRevocations, type RevocationList } from '../revocation/revocation-list.js';
import { RemoteVerificationKeys } from '../verification-keys/remote-verification-keys.js';
import type { VerificationKeys } from '../verification-keys/verification-keys.js';
import type { ExpectedClaims } from './check-claims.js';
import { DialectReader } from './token-dialect.js';
import { TokenSubjects } from './token-subjects.js';

/** The settings with which a server verifies the tokens of one issuer. */
export interface AcceptedIssuer extends ExpectedClaims, Pick<TrustedIssuer, 'mapClaims'> {
  readonly keys: VerificationKeys;
  readonly revocations: RevocationList;
  readonly subjects: TokenSubjects;
}

/** Knows the issuers whose tokens a server accepts. */
export class AcceptedIssuers {
  private readonly first: AcceptedIssuer;
  private readonly others: readonly AcceptedIssuer[];

  /** @throws Error when an issuer is listed twice. */
  constructor(
    options: Omit<GuardsOptions, 'realm' | 'userClients'>,
    parts: Pick<AcceptedIssuer, 'keys' | 'revocations' | 'subjects'>,
  ) {
    const { otherIssuers = [] } = options;
    this.first = { ...parts, ...expectedOf(options, options.resource) };
    this.others = otherIssuers.map((other) => otherIssuer(other, options));
    const issuers = [options, ...otherIssuers].map(({ issuer }) => issuer);
    const repeated = issuers.find((issuer, index) => issuers.indexOf(issuer) !== index);
    if (repeated !== undefined) throw new Error(`The issuer ${repeated} is listed twice. Remove one of them.`);
  }

  /** Returns the issuer that a token names. Its claims are not verified yet, so for an unknown one the first is returned. */
  of(token: string): AcceptedIssuer {
    if (this.others.length === 0) return this.first;
    const iss = issuerIn(token);
    return this.others.find(({ issuer }) => issuer === iss) ?? this.first;
  }
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

const expectedOf = (
  { issuer, audience, dialect, mapClaims }: Omit<TrustedIssuer, 'userClients'>,
  resource: string,
): ExpectedClaims & Pick<TrustedIssuer, 'mapClaims'> => ({
  issuer,
  audience: audience ?? resource,
  dialect: new DialectReader(dialect),
  ...(mapClaims && { mapClaims }),
});

function otherIssuer(
  other: OtherIssuer,
  { resource, fetch, now, plainHttpOrigins, revocation }: Omit<GuardsOptions, 'realm' | 'userClients'>,
): AcceptedIssuer {
  const { issuer, jwksUri, serviceClient } = other;
  return {
    ...expectedOf(other, resource),
    keys: new RemoteVerificationKeys({ issuer, jwksUri, fetch, now, plainHttpOrigins }),
    revocations: serviceClient ? new IntrospectedRevocations(serviceClient, revocation) : new NoRevocations(),
    subjects: new QualifiedSubjects(),
  };
}

/** Adds the issuer to each `sub`, because another issuer may have given the same one to another user (OpenID Connect Core §5.7). */
class QualifiedSubjects extends TokenSubjects {
  async find({ iss, sub }: AccessTokenClaims): Promise<string> {
    return `${iss}#${sub}`;
  }
}
