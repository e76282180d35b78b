import 'reflect-metadata';
import { ApiSecurity } from '@nestjs/swagger';

/** Who may call a route. */
export type RouteRule =
  | { readonly kind: 'public' }
  /** Users through the clients that user routes are open to, or machines; with all of these scopes. */
  | { readonly kind: 'user' | 'machine'; readonly scopes: readonly string[] };

const ROUTE_RULE = Symbol('RouteRule');

function ownRuleOf(target: object): RouteRule | undefined {
  return Reflect.getOwnMetadata(ROUTE_RULE, target) as RouteRule | undefined;
}

/** The rule of a route: its method's, or else its controller's or that of a class the controller extends. */
export const routeRuleOf = (handler: object, controller: object): RouteRule | undefined =>
  ownRuleOf(handler) ?? (Reflect.getMetadata(ROUTE_RULE, controller) as RouteRule | undefined);

/** Makes a decorator that states a rule on a method or a whole controller, and documents it. */
export function routeRule(rule: RouteRule): MethodDecorator & ClassDecorator {
  const state = (target: object, name: string): void => {
    if (ownRuleOf(target)) throw new Error(`${name} states two route rules`);
    Reflect.defineMetadata(ROUTE_RULE, rule, target);
  };
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (typeof target === 'function') {
      state(target, target.name);
      for (const each of Object.values(Object.getOwnPropertyDescriptors(target.prototype as object))) {
        const handler: unknown = each.value;
        if (typeof handler === 'function' && !ownRuleOf(handler)) document(rule, target, each);
      }
    } else if (descriptor) {
      state(descriptor.value as object, `${target.constructor.name}.${String(key)}`);
      document(rule, target, descriptor);
    }
  };
}

/** Names the security scheme of the API documentation; the method's, as OpenAPI adds a controller's to it. */
function document(rule: RouteRule, target: object, descriptor: PropertyDescriptor): void {
  if (rule.kind !== 'public') ApiSecurity(rule.kind, [...rule.scopes])(target, '', descriptor);
}
