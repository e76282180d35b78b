import 'reflect-metadata';
import { ApiSecurity } from '@nestjs/swagger';

/** Defines who may call a route. */
export type RouteRule = { readonly kind: 'public' } | TokenRule;

/** Opens a route to users, to machines or to both. A kind of subject without scopes here is refused. */
export interface TokenRule {
  readonly kind: 'token';
  /** The scopes that the token of a user must have, all of them. */
  readonly user?: readonly string[];
  /** The scopes that the token of a machine must have, all of them. */
  readonly machine?: readonly string[];
}

/**
 * Opens a route, or every route of a controller, to users: the token was issued for a user, to a client that user
 * routes are open to, with all of these scopes. Together with {@link MachineRoute}, the route is open to both.
 *
 * @example
 * ```ts
 * @Get()
 * @UserRoute('contacts:read')
 * list(@Token() { claims }: VerifiedAccessToken) { … }
 * ```
 */
export const UserRoute = (...scopes: string[]) => tokenRoute('user', scopes);

/**
 * Opens a route, or every route of a controller, to machines: the token was issued to a client for itself (RFC 6749
 * §4.4), with all of these scopes.
 *
 * @example
 * ```ts
 * @Get()
 * @UserRoute('admin:read')
 * @MachineRoute('admin:read')
 * list() { … }
 * ```
 */
export const MachineRoute = (...scopes: string[]) => tokenRoute('machine', scopes);

/** Opens a route, or every route of a controller, to everybody. A token in the request is ignored. */
export const PublicRoute = () => routeRule({ kind: 'public' }, () => undefined);

const ROUTE_RULE = Symbol('RouteRule');

/** Returns the rule of a route: that of its method, or else that of its controller or of a class the controller extends. */
export const routeRuleOf = (handler: object, controller: object): RouteRule | undefined =>
  ownRuleOf(handler) ?? (Reflect.getMetadata(ROUTE_RULE, controller) as RouteRule | undefined);

function ownRuleOf(target: object): RouteRule | undefined {
  return Reflect.getOwnMetadata(ROUTE_RULE, target) as RouteRule | undefined;
}

/** Returns a decorator that opens a route to one kind of subject, and adds it to the API documentation. */
const tokenRoute = (subject: 'user' | 'machine', scopes: readonly string[]) =>
  routeRule({ kind: 'token', [subject]: scopes }, ApiSecurity(subject, [...scopes]));

/**
 * Returns a decorator that adds a rule to a method or to a whole controller. `document` describes it in OpenAPI: on each
 * method, because a controller's security requirements would be added to those of a method with a rule of its own.
 */
function routeRule(rule: RouteRule, document: MethodDecorator): MethodDecorator & ClassDecorator {
  const addRule = (target: object, name: string): void => {
    Reflect.defineMetadata(ROUTE_RULE, combine(ownRuleOf(target), rule, name), target);
  };
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (typeof target === 'function') {
      addRule(target, target.name);
      for (const each of Object.values(Object.getOwnPropertyDescriptors(target.prototype as object))) {
        const handler: unknown = each.value;
        if (typeof handler === 'function' && !ownRuleOf(handler)) document(target, '', each);
      }
    } else if (descriptor) {
      addRule(descriptor.value as object, `${target.constructor.name}.${String(key)}`);
      document(target, '', descriptor);
    }
  };
}

/** Returns the rule of a target that may have one for the other kind of subject already. */
function combine(present: RouteRule | undefined, added: RouteRule, name: string): RouteRule {
  if (!present) return added;
  const isSecond =
    present.kind === 'public' ||
    added.kind === 'public' ||
    (present.user && added.user) !== undefined ||
    (present.machine && added.machine) !== undefined;
  if (isSecond) throw new Error(`${name} has two route rules for the same callers. Remove one of them.`);
  return { ...present, ...added };
}
