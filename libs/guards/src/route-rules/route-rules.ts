import 'reflect-metadata';
import { ApiSecurity } from '@nestjs/swagger';

/** Defines who may call a route. */
export type RouteRule =
  | { readonly kind: 'public' }
  /** Users, through the clients that user routes are open to, or machines. The token must have all of these scopes. */
  | { readonly kind: 'user' | 'machine'; readonly scopes: readonly string[] };

/**
 * Opens a route, or every route of a controller, to users: the token was issued for a user, to a client that user
 * routes are open to, with all of these scopes.
 *
 * @example
 * ```ts
 * @Get()
 * @UserRoute('contacts:read')
 * list(@Token() { claims }: VerifiedAccessToken) { … }
 * ```
 */
export const UserRoute = (...scopes: string[]) => routeRule({ kind: 'user', scopes });

/**
 * Opens a route, or every route of a controller, to machines: the token was issued to a client for itself (RFC 6749
 * §4.4), with all of these scopes.
 */
export const MachineRoute = (...scopes: string[]) => routeRule({ kind: 'machine', scopes });

/** Opens a route, or every route of a controller, to everybody. A token in the request is ignored. */
export const PublicRoute = () => routeRule({ kind: 'public' });

const ROUTE_RULE = Symbol('RouteRule');

/** Returns the rule of a route: that of its method, or else that of its controller or of a class the controller extends. */
export const routeRuleOf = (handler: object, controller: object): RouteRule | undefined =>
  ownRuleOf(handler) ?? (Reflect.getMetadata(ROUTE_RULE, controller) as RouteRule | undefined);

function ownRuleOf(target: object): RouteRule | undefined {
  return Reflect.getOwnMetadata(ROUTE_RULE, target) as RouteRule | undefined;
}

/** Returns a decorator that sets the rule of a method or of a whole controller, and adds it to the API documentation. */
function routeRule(rule: RouteRule): MethodDecorator & ClassDecorator {
  const setRule = (target: object, name: string): void => {
    if (ownRuleOf(target)) throw new Error(`${name} has two route rules. Remove one of them.`);
    Reflect.defineMetadata(ROUTE_RULE, rule, target);
  };
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (typeof target === 'function') {
      setRule(target, target.name);
      for (const each of Object.values(Object.getOwnPropertyDescriptors(target.prototype as object))) {
        const handler: unknown = each.value;
        if (typeof handler === 'function' && !ownRuleOf(handler)) document(rule, target, each);
      }
    } else if (descriptor) {
      setRule(descriptor.value as object, `${target.constructor.name}.${String(key)}`);
      document(rule, target, descriptor);
    }
  };
}

/** Adds the security scheme to the API documentation of a method. OpenAPI would add a controller's to the method's own. */
function document(rule: RouteRule, target: object, descriptor: PropertyDescriptor): void {
  if (rule.kind !== 'public') ApiSecurity(rule.kind, [...rule.scopes])(target, '', descriptor);
}
