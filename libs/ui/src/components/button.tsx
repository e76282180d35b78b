import type { ComponentChildren } from 'preact';

export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet';

export interface ButtonProps {
  variant?: ButtonVariant;
  id?: string;
  /** Sent with the form when this button is the one pressed. */
  name?: string;
  value?: string;
  type?: 'submit' | 'reset';
  /** Posts the form elsewhere than its `action`. */
  formAction?: string;
  /** Submits without the browser's validation, as cancelling should. */
  formNoValidate?: boolean;
  /** Submits a form that stands elsewhere in the page. */
  form?: string;
  /** Replaces the text for assistive technology, where the same text stands on several buttons. */
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
