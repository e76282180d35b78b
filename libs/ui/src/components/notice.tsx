import type { ComponentChildren } from 'preact';

export interface NoticeProps {
  kind?: 'info' | 'success' | 'warning' | 'error';
  title?: ComponentChildren;
  id?: string;
  children?: ComponentChildren;
}

const kindNames = { info: 'Note', success: 'Done', warning: 'Warning', error: 'Error' };

/** A message to the user. Assistive technology reads warnings and errors at once, and the other kinds later. */
export function Notice({ kind = 'info', title, id, children }: NoticeProps) {
  const urgent = kind === 'warning' || kind === 'error';
  return (
    <div class={`notice ${kind}`} id={id} role={urgent ? 'alert' : 'status'}>
      <span class="visually-hidden">{kindNames[kind]}: </span>
      {title && <p class="notice-title">{title}</p>}
      {children && <div>{children}</div>}
    </div>
  );
}
