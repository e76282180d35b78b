/** The sections of the administration, in the order of their navigation. */
export const SECTIONS = [
  { href: '/admin', label: 'Overview' },
  { href: '/admin/events', label: 'Events' },
  { href: '/admin/users', label: 'Users' },
  { href: '/admin/clients', label: 'Clients' },
  { href: '/admin/resource-servers', label: 'Resource servers' },
  { href: '/admin/registration-tokens', label: 'Registration tokens' },
  { href: '/admin/signing-keys', label: 'Signing keys' },
] as const;

/** The path of a section. */
export type SectionPath = (typeof SECTIONS)[number]['href'];

/** Links to every section of the administration. */
export function SectionNav({ current }: { current?: SectionPath | undefined }) {
  return (
    <nav class="sections" aria-label="Administration">
      <ul>
        {SECTIONS.map(({ href, label }) => (
          <li key={href}>
            <a href={href} aria-current={href === current ? 'page' : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
