import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The path of the page that shows the submitted form, set by the {@link FormPageGuard}. */
    formPage?: string;
  }
}

/**
 * Names the page that shows the form of a handler, such as `/contacts/:id/edit`. That page offers a kept form again
 * after the user has signed in.
 */
export const FormPage = Reflector.createDecorator<string>();

/** Returns the path of a form page with the parameters of a request filled in. */
export const formPagePath = (template: string, parameters: Readonly<Record<string, string>>): string =>
  template.replaceAll(/:(\w+)/g, (_match, name: string) => encodeURIComponent(parameters[name] ?? ''));

/** Attaches the path of the form page to the request, because exception filters cannot read a handler's metadata. */
@Injectable()
export class FormPageGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
    const template = this.reflector.get(FormPage, context.getHandler());
    if (template !== undefined) request.formPage = formPagePath(template, request.params);
    return true;
  }
}
