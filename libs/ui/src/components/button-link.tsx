import type { ComponentChildren } from 'preact';
import type { ButtonVariant } from './button.js';

export interface ButtonLinkProps {
  href: string;
  variant?: ButtonVariant;
  id?: string;
  rel?: string;
  /** Replaces the text for assistive technology, where the same text stands on several links. */
  label?: string;
  children: ComponentChildren;
}

/** A link that looks like a button: it only leads somewhere and changes nothing. */
export function ButtonLink({ variant = 'primary', label, children, ...attributes }: ButtonLinkProps) {
  return (
    <a class={`button ${variant}`} aria-label={label} {...attributes}>
      {children}
    </a>
  );
}
