import { Inject, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { GUARDS_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { BearerGuard } from '../bearer/bearer.guard.js';
import { routeRuleOf } from './route-rules.js';

/** The injection token of a boolean: whether the bearer guard protects every route of the app. */
export const GUARDS_EVERY_ROUTE = Symbol('GuardsEveryRoute');

type Handler = (...args: never[]) => unknown;

/** Prevents the app from starting when a guarded route has no rule, or a route with a rule is not guarded. */
@Injectable()
export class RouteRulesStartupCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @Inject(GUARDS_EVERY_ROUTE) private readonly guardsEveryRoute: boolean,
  ) {}

  onModuleInit(): void {
    const faults = this.discovery.getControllers().flatMap(({ metatype }) => this.faultsOf(metatype as Type<object>));
    if (faults.length > 0) {
      throw new Error(
        'Give each guarded route @UserRoute, @MachineRoute, both of them, or @PublicRoute, ' +
          `and guard each route that has a rule:\n${faults.join('\n')}`,
      );
    }
  }

  private faultsOf(controller: Type<object>): string[] {
    const prototype = controller.prototype as Record<string, Handler>;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (!handler || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      const guarded = this.guardsEveryRoute || [controller, handler].some(hasBearerGuard);
      const rule = routeRuleOf(handler, controller);
      if (guarded && !rule) return [`${controller.name}.${name} has no route rule`];
      if (!guarded && rule && rule.kind !== 'public')
        return [`${controller.name}.${name} has a route rule and no BearerGuard`];
      return [];
    });
  }
}

function hasBearerGuard(target: object): boolean {
  const guards: unknown = Reflect.getMetadata(GUARDS_METADATA, target);
  return Array.isArray(guards) && guards.includes(BearerGuard);
}
