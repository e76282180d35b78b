import { Layout, type LayoutProps, type NavItem } from '@trefoil/ui';

/** The signed-in user as pages see them. It holds no token and no session id. */
export interface CurrentUser {
  readonly name: string;
  /** The value of `form_token` in every form. */
  readonly formToken: string;
}

const NAVIGATION = [
  { href: '/profile', label: 'Profile' },
  { href: '/contacts', label: 'Contacts' },
] as const;

/** Returns the layout properties of the page header. Navigation and sign-out appear only for a signed-in user. */
export const headerFor = (user: CurrentUser | undefined, current?: string) => ({
  brand: { name: 'Trefoil', href: '/' },
  nav: user && NAVIGATION.map((item): NavItem => ({ ...item, current: item.href === current })),
  user: user && {
    name: user.name,
    href: '/profile',
    signOut: { action: '/logout', formToken: user.formToken },
  },
});

export interface SiteLayoutProps extends Omit<LayoutProps, 'brand' | 'nav' | 'user' | 'footer'> {
  user?: CurrentUser | undefined;
  /** The navigation item that the page belongs to. */
  current?: (typeof NAVIGATION)[number]['href'];
}

/** The frame of every page of the frontend: header, content and footer. */
export function SiteLayout({ user, current, ...layout }: SiteLayoutProps) {
  return <Layout {...layout} {...headerFor(user, current)} footer={<Footer />} />;
}

/** The footer of every page. */
export function Footer() {
  return <>Trefoil keeps every token on its servers. Your browser holds only a cookie.</>;
}
