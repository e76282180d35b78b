import { Reflector } from '@nestjs/core';

/**
 * Names the page that shows the form which a handler takes, such as `/contacts/:id/edit`: there the form is offered again
 * when its session is found to be gone.
 */
export const FormPage = Reflector.createDecorator<string>();

/** The path of a form page, for the parameters of a request. */
export const formPagePath = (template: string, parameters: Readonly<Record<string, string>>): string =>
  template.replaceAll(/:(\w+)/g, (_match, name: string) => encodeURIComponent(parameters[name] ?? ''));
