import { Avatar } from './avatar.js';
import { Button } from './button.js';
import { Form } from './form.js';
import { TrefoilMark } from './trefoil-mark.js';

export interface Brand {
  name: string;
  /** The target of the link on the name. The default is `/`. */
  href?: string;
}

export interface NavItem {
  href: string;
  label: string;
  /** Marks the current page. */
  current?: boolean;
}

export interface SignedInUser {
  name: string;
  /** The path of the user's profile. */
  href?: string;
  /** Shows a sign-out button that submits a form to `action`. */
  signOut?: { action: string; formToken: string };
}

export interface SiteHeaderProps {
  brand: Brand;
  nav?: readonly NavItem[] | undefined;
  user?: SignedInUser | undefined;
}

/** The bar at the top of every page. */
export function SiteHeader({ brand, nav = [], user }: SiteHeaderProps) {
  return (
    <header class="site-header">
      <a class="brand" href={brand.href ?? '/'}>
        <TrefoilMark />
        {brand.name}
      </a>
      {nav.length > 0 && (
        <nav aria-label="Main">
          <ul>
            {nav.map((item) => (
              <li key={item.href}>
                <a href={item.href} aria-current={item.current ? 'page' : undefined}>
                  {item.label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {user && <UserBox user={user} />}
    </header>
  );
}

function UserBox({ user: { name, href, signOut } }: { user: SignedInUser }) {
  return (
    <div class="user">
      <Avatar name={name} />
      {href ? (
        <a class="user-name" href={href}>
          {name}
        </a>
      ) : (
        <span class="user-name">{name}</span>
      )}
      {signOut && (
        <Form action={signOut.action} formToken={signOut.formToken}>
          <Button variant="quiet">Sign out</Button>
        </Form>
      )}
    </div>
  );
}
