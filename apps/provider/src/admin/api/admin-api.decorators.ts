import {
  applyDecorators,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Header,
  UseGuards,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { accountScopes } from '@trefoil/dto';
import { accessTokenOf, BearerGuard, MachineRoute, UserRoute } from '@trefoil/guards';
import type { FastifyRequest } from 'fastify';
import { JsonBodyGuard } from '../../http/json-body.guard.js';
import { originOf, type RequestOrigin } from '../../http/request-origin.js';
import { AdministratorGuard } from '../../users/administrator.guard.js';

/** Declares a controller of the admin API, whose routes are below `/api/admin/` and the given path. */
export const AdminApi = (path: string) =>
  applyDecorators(
    ApiTags('Administration'),
    Controller(`api/admin/${path}`),
    UseGuards(BearerGuard, AdministratorGuard, JsonBodyGuard),
  );

/** Opens a route that reads to administrators and to machines with the scope `admin:read`. */
export const AdminRead = () => adminRoute(accountScopes.readInstallation.name);

/** Opens a route that changes something to administrators and to machines with the scope `admin:write`. */
export const AdminWrite = () => adminRoute(accountScopes.changeInstallation.name);

const adminRoute = (scope: string) =>
  applyDecorators(UserRoute(scope), MachineRoute(scope), Header('Cache-Control', 'no-store'));

/** Injects the {@link RequestOrigin} of the request, with the administrator or the machine as the actor of security events. */
export const AdminOrigin = createParamDecorator((_: unknown, context: ExecutionContext): RequestOrigin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const token = accessTokenOf(request);
  if (!token) throw new Error('AdminOrigin needs a route that is declared with AdminRead or AdminWrite.');
  const { sub, client_id } = token.claims;
  const isMachine = token.subject === 'machine';
  return { ...originOf(request), actor: isMachine ? `client ${client_id}` : sub };
});
