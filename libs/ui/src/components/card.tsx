import type { ComponentChildren } from 'preact';

export interface CardProps {
  title?: ComponentChildren;
  id?: string;
  /** Small print below a line. */
  footer?: ComponentChildren;
  children: ComponentChildren;
}

/** A framed section of a page. */
export function Card({ title, id, footer, children }: CardProps) {
  return (
    <section class="card" id={id}>
      {title && <h2>{title}</h2>}
      {children}
      {footer && <div class="card-footer">{footer}</div>}
    </section>
  );
}
