export interface Permission {
  /** The registered scope, such as `contacts:read`. */
  scope: string;
  /** What it allows, in plain words. */
  title: string;
  detail?: string | undefined;
}

/** What a client asks for, in plain words. */
export function ScopeList({ permissions }: { permissions: readonly Permission[] }) {
  return (
    <ul class="scopes">
      {permissions.map(({ scope, title, detail }) => (
        <li key={scope} data-scope={scope}>
          <strong>{title}</strong>
          {detail && <span>{detail}</span>}
        </li>
      ))}
    </ul>
  );
}
