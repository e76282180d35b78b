import type { ComponentChildren } from 'preact';

export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet';

export interface ButtonProps {
  variant?: ButtonVariant;
  id?: string;
  /** Is submitted with the form when the user presses this button. */
  name?: string;
  value?: string;
  type?: 'submit' | 'reset';
  /** Submits the form to another path than its `action`. */
  formAction?: string;
  /** Submits the form without the browser's validation, for buttons that cancel. */
  formNoValidate?: boolean;
  /** The id of the form to submit, when the button is outside of it. */
  form?: string;
  /** Replaces the text for assistive technology, when several buttons have the same text. */
  label?: string;
  children: ComponentChildren;
}

/** A button that submits its form. */
export function Button({ variant = 'primary', type = 'submit', label, children, ...attributes }: ButtonProps) {
  return (
    <button type={type} class={`button ${variant}`} aria-label={label} {...attributes}>
      {children}
    </button>
  );
}

export interface ButtonLinkProps {
  href: string;
  variant?: ButtonVariant;
  id?: string;
  rel?: string;
  /** Replaces the text for assistive technology, when several links have the same text. */
  label?: string;
  children: ComponentChildren;
}

/** A link that looks like a button. It only opens another page, and changes nothing. */
export function ButtonLink({ variant = 'primary', label, children, ...attributes }: ButtonLinkProps) {
  return (
    <a class={`button ${variant}`} aria-label={label} {...attributes}>
      {children}
    </a>
  );
}

/** A row of buttons. */
export function Actions({ children }: { children: ComponentChildren }) {
  return <div class="actions">{children}</div>;
}
