export interface Permission {
  /** The registered scope, such as `contacts:read`. */
  scope: string;
  /** A plain description of what the scope allows. */
  title: string;
  detail?: string | undefined;
}

/** Lists the permissions that a client requests. */
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
