import type { ComponentChildren } from 'preact';
import { Actions, ButtonLink } from './button.js';
import { Layout } from './layout.js';
import type { LayoutProps } from './layout.js';

export interface ErrorPageProps extends Omit<LayoutProps, 'lead' | 'actions' | 'width'> {
  /** One plain sentence that says what happened. */
  message: ComponentChildren;
  /** Links to the next steps. The first one is the main step. */
  next?: readonly { href: string; label: string }[];
  /** The id that the user quotes to ask for help. */
  id?: string | undefined;
}

/** A complete page that explains an error and offers the next steps. `children` may contain a form. */
export function ErrorPage({ message, next = [], id, children, ...layout }: ErrorPageProps) {
  return (
    <Layout {...layout} lead={message} width="narrow">
      {children}
      {next.length > 0 && (
        <Actions>
          {next.map(({ href, label }, index) => (
            <ButtonLink key={href} href={href} variant={index === 0 ? 'primary' : 'secondary'}>
              {label}
            </ButtonLink>
          ))}
        </Actions>
      )}
      {id && (
        <p class="error-id">
          If you ask for help, quote <code id="error-id">{id}</code>
        </p>
      )}
    </Layout>
  );
}
