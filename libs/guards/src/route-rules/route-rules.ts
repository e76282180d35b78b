import { routeRule } from './route-rule.js';

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

/** Opens a route, or every route of a controller, to anybody; a token that comes with it is not read. */
export const PublicRoute = () => routeRule({ kind: 'public' });
