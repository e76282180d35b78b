import type { ComponentChildren } from 'preact';
import { Actions } from './actions.js';
import { ButtonLink } from './button-link.js';
import { Layout } from './layout.js';
import type { LayoutProps } from './layout.js';

export interface ErrorPageProps extends Omit<LayoutProps, 'lead' | 'actions' | 'width'> {
  /** One plain sentence: what happened. */
  message: ComponentChildren;
  /** What to do now: the first is the main one. */
  next?: readonly { href: string; label: string }[];
  /** What to quote when asking for help. */
  id?: string | undefined;
}

/** A whole page that says what went wrong and how to go on; `children` may hold a form to go on with. */
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
