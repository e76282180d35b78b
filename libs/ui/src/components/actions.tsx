import type { ComponentChildren } from 'preact';

/** A row of buttons. */
export function Actions({ children }: { children: ComponentChildren }) {
  return <div class="actions">{children}</div>;
}
