import type { ComponentChildren } from 'preact';

export interface DescriptionListProps {
  items: readonly { term: string; description: ComponentChildren }[];
}

/** A list of terms with their descriptions, such as the fields of a record. An empty description is shown as a dash. */
export function DescriptionList({ items }: DescriptionListProps) {
  return (
    <dl class="descriptions">
      {items.map(({ term, description }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{isEmpty(description) ? <Nothing /> : description}</dd>
        </div>
      ))}
    </dl>
  );
}

function isEmpty(children: ComponentChildren): boolean {
  return children === undefined || children === null || children === '' || typeof children === 'boolean';
}

function Nothing() {
  return (
    <span class="nothing">
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">not given</span>
    </span>
  );
}
