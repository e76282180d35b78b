import type { ComponentChildren } from 'preact';

export interface EmptyStateProps {
  title: string;
  /** Buttons that lead on. */
  action?: ComponentChildren;
  children?: ComponentChildren;
}

/** Stands where a list would, when there is nothing in it. */
export function EmptyState({ title, action, children }: EmptyStateProps) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div class="actions">{action}</div>}
    </div>
  );
}
