import { type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { clientCertificateOf, type RequestWithConnection } from '@trefoil/server-kit';
import type { FastifyReply } from 'fastify';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';
import { DpopProofs, type ProvenRequest } from '../dpop/dpop-proofs.js';
import { DpopStrategy, type PresentedToken } from '../dpop/dpop.strategy.js';
import { GUARDS_OPTIONS, type GuardsOptions } from '../guards-options.js';
import { withResourceMetadata } from '../resource-metadata/resource-metadata.js';
import { RevocationList } from '../revocation/revocation-list.js';
import { checkRouteRule } from '../route-rules/check-route-rule.js';
import { routeRuleOf } from '../route-rules/route-rules.js';
import { BearerStrategy } from './bearer.strategy.js';
import { challengeTo, malformedHeader, unauthorized } from './challenges.js';
import { accessTokenOf, rememberAccessToken } from './token.decorator.js';

const BEARER_SCHEME = /^bearer(\s|$)/i;
const DPOP_SCHEME = /^dpop(\s|$)/i;

/** The parts of a request that the guard reads. */
interface TokenRequest extends ProvenRequest, RequestWithConnection {
  readonly headers: ProvenRequest['headers'] & { readonly authorization?: string };
}

/**
 * Accepts requests whose access token fulfils the rule of the route, with a DPoP proof if the token is bound to a key, and on
 * a connection with the certificate to which the token is bound (RFC 8705 §3). Refuses all other requests with the
 * challenges of RFC 6750 §3 and RFC 9449 §7.1.
 */
@Injectable()
export class BearerGuard extends AuthGuard() {
  constructor(
    bearer: BearerStrategy,
    @Inject(GUARDS_OPTIONS)
    private readonly guardsOptions: Pick<GuardsOptions, 'realm' | 'userClients' | 'otherIssuers' | 'resourceMetadata'>,
    private readonly revocations: RevocationList,
    @Optional() dpop?: DpopStrategy,
    @Optional() private readonly proofs?: DpopProofs,
  ) {
    super({ defaultStrategy: [bearer.strategyName, ...(dpop ? [dpop.strategyName] : [])], session: false });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    try {
      return await this.authorize(context);
    } catch (error) {
      throw withResourceMetadata(error, this.guardsOptions.resourceMetadata);
    }
  }

  private async authorize(context: ExecutionContext): Promise<boolean> {
    const rule = routeRuleOf(context.getHandler(), context.getClass());
    if (!rule) throw new Error(`${context.getClass().name}.${context.getHandler().name} has no route rule`);
    if (rule.kind === 'public') return true;
    this.offerNonce(context);
    await super.canActivate(context);
    const token = accessTokenOf(requestOf(context));
    if (!token) throw new Error('the strategy accepted the request without a token');
    await checkRouteRule(rule, token, this.guardsOptions);
    return true;
  }

  /**
   * Returns the request that Passport sees: the method, the certificate and the headers of one scheme, and nothing else. With more, the
   * Bearer strategy would also take a token from the query or the body, which RFC 9700 §4.3.2 forbids, and would report the
   * credentials of other schemes as malformed.
   */
  override getRequest(context: ExecutionContext): PresentedToken {
    const request = requestOf(context);
    const { method, url, headers } = request;
    const { authorization = '', dpop } = headers;
    const certificate = clientCertificateOf(request)?.thumbprint;
    if (DPOP_SCHEME.test(authorization))
      return { method, headers: {}, certificate, dpop: { method, url, headers: { dpop }, authorization } };
    return { method, certificate, headers: BEARER_SCHEME.test(authorization) ? { authorization } : {} };
  }

  /** Turns the result of Passport into a token or an error. `info` holds the challenges of the strategies. */
  override handleRequest<T = VerifiedAccessToken>(
    fault: Error | null | undefined,
    token: (T & VerifiedAccessToken) | false | undefined,
    info: unknown,
    context: ExecutionContext,
    status?: unknown,
  ): T {
    if (fault) throw fault;
    if ([status].flat().includes(400)) throw malformedHeader(this.guardsOptions.realm);
    if (!token) throw unauthorized([info].flat().join(', '));
    rememberAccessToken(requestOf(context), token, (listener) =>
      this.revocations.onRevoked(token.claims, () => listener(this.revoked(token)), token),
    );
    return token;
  }

  private revoked({ claims }: VerifiedAccessToken): unknown {
    const { realm, resourceMetadata } = this.guardsOptions;
    const error_description = 'the token has been revoked';
    const error = unauthorized(challengeTo(claims, { realm, error: 'invalid_token', error_description }));
    return withResourceMetadata(error, resourceMetadata);
  }

  /** Sends the nonce for the next proof with every response to a DPoP request (RFC 9449 §8.2, §9). */
  private offerNonce(context: ExecutionContext): void {
    const { authorization = '', dpop } = requestOf(context).headers;
    const nonce = dpop !== undefined || DPOP_SCHEME.test(authorization) ? this.proofs?.nonce() : undefined;
    if (nonce !== undefined) context.switchToHttp().getResponse<FastifyReply>().header('DPoP-Nonce', nonce);
  }
}

const requestOf = (context: ExecutionContext): TokenRequest => context.switchToHttp().getRequest<TokenRequest>();
