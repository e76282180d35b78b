import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';

/**
 * Refuses a body that is not JSON. The server also parses forms, but only its protocol endpoints accept them. A patch may also
 * have the media type of a JSON merge patch (RFC 7396 §4).
 */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const [type] = headers['content-type']?.toLowerCase().split(';') ?? [];
    const accepted = ['application/json', ...(method === 'PATCH' ? ['application/merge-patch+json'] : [])];
    if (type === undefined || accepted.includes(type.trim())) return true;
    throw new ProblemError(415, 'Unsupported Media Type', { detail: `Send the change as ${accepted.join(' or ')}.` });
  }
}
