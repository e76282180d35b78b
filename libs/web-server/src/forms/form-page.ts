import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';

/** Describes a form, so that its text is not lost when it cannot be processed. */
export interface FormDescription {
  /** The path of the page that shows the form, such as `/contacts/:id/edit`. */
  readonly page: string;
  /** The labels of the fields that users fill in, by the name of the field. */
  readonly labels: Readonly<Record<string, string>>;
  /** The names of the hidden fields, without the form token. */
  readonly hidden: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The submitted form, with the path of its page filled in. Set by the {@link FormPageGuard}. */
    form?: FormDescription;
  }
}

/** Describes the form that a handler processes. Its page offers a kept form again after the user has signed in. */
export const FormPage = Reflector.createDecorator<FormDescription>();

/** Returns the path of a form page with the parameters of a request filled in. */
export const formPagePath = (template: string, parameters: Readonly<Record<string, string>>): string =>
  template.replaceAll(/:(\w+)/g, (_match, name: string) => encodeURIComponent(parameters[name] ?? ''));

/** Attaches the description of the form to the request, because exception filters cannot read a handler's metadata. */
@Injectable()
export class FormPageGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
    const form = this.reflector.get(FormPage, context.getHandler());
    if (form !== undefined) request.form = { ...form, page: formPagePath(form.page, request.params) };
    return true;
  }
}
