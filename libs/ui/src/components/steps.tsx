import type { ComponentChildren } from 'preact';

export interface StepsProps {
  items: readonly { title: string; children?: ComponentChildren }[];
}

/** Numbered steps, side by side on wide screens. */
export function Steps({ items }: StepsProps) {
  return (
    <ol class="steps">
      {items.map(({ title, children }) => (
        <li key={title}>
          <strong>{title}</strong>
          {children && <span>{children}</span>}
        </li>
      ))}
    </ol>
  );
}
