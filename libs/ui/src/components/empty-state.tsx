import type { ComponentChildren } from 'preact';

export interface EmptyStateProps {
  title: string;
  /** Buttons for the next steps. */
  action?: ComponentChildren;
  children?: ComponentChildren;
}

/** Replaces a list that is empty. */
export function EmptyState({ title, action, children }: EmptyStateProps) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div class="actions">{action}</div>}
    </div>
  );
}
