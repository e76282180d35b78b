import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { BearerStrategy } from './bearer.strategy.js';
import { checkRouteRule } from './check-route-rule.js';
import { GUARDS_OPTIONS, type GuardsOptions } from './guards-options.js';
import { malformedHeader, unauthorized } from './refusals.js';
import { routeRuleOf } from './route-rule.js';
import { accessTokenOf, rememberAccessToken, type VerifiedAccessToken } from './verified-access-token.js';

const BEARER_SCHEME = /^bearer(\s|$)/i;

/** As much of a request as counts here. */
interface HeadersOnly {
  headers: { authorization?: string };
}

/** Lets in who brings an access token that opens the route, and answers everybody else as RFC 6750 §3 says. */
@Injectable()
export class BearerGuard extends AuthGuard() {
  constructor(
    strategy: BearerStrategy,
    @Inject(GUARDS_OPTIONS) private readonly guardsOptions: Pick<GuardsOptions, 'realm' | 'userClients'>,
  ) {
    super({ defaultStrategy: strategy.strategyName, session: false });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = routeRuleOf(context.getHandler(), context.getClass());
    if (!rule) throw new Error(`${context.getClass().name}.${context.getHandler().name} states no route rule`);
    if (rule.kind === 'public') return true;
    await super.canActivate(context);
    const token = accessTokenOf(requestOf(context));
    if (!token) throw new Error('the strategy let a request in without a token');
    await checkRouteRule(rule, token, this.guardsOptions);
    return true;
  }

  /**
   * What Passport sees of a request: one header and nothing else, as its strategy would take a token from the query or
   * body too (forbidden by RFC 9700 §4.3.2), and call the credentials of other schemes malformed.
   */
  override getRequest(context: ExecutionContext): HeadersOnly {
    const { authorization } = requestOf(context).headers;
    return { headers: authorization && BEARER_SCHEME.test(authorization) ? { authorization } : {} };
  }

  /** Turns the verdict of Passport into a token or an answer; `info` is the challenge that the strategy wrote. */
  override handleRequest<T = VerifiedAccessToken>(
    fault: Error | null | undefined,
    token: (T & VerifiedAccessToken) | false | undefined,
    info: unknown,
    context: ExecutionContext,
    status?: number,
  ): T {
    if (fault) throw fault;
    if (status === 400) throw malformedHeader(this.guardsOptions.realm);
    if (!token) throw unauthorized(String(info));
    rememberAccessToken(requestOf(context), token);
    return token;
  }
}

const requestOf = (context: ExecutionContext): HeadersOnly => context.switchToHttp().getRequest<HeadersOnly>();
