import { Layout, type LayoutProps, type NavItem } from '@trefoil/ui';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Site } from '../description.js';

/** The signed-in user as pages see them. It holds no token and no session id. */
export interface CurrentUser {
  readonly name: string;
  /** The value of `form_token` in every form. */
  readonly formToken: string;
}

/** The site that a page belongs to. The `PageInterceptor` provides it to every page. */
export const SiteContext = createContext<Site>({ name: '', navigation: [], footer: '' });

/** Returns the layout properties of the page header. Navigation and sign-out appear only for a signed-in user. */
export const headerFor = ({ name, navigation, userPage }: Site, user: CurrentUser | undefined, current?: string) => ({
  brand: { name, href: '/' },
  nav: user && navigation.map((item): NavItem => ({ ...item, current: item.href === current })),
  user: user && {
    name: user.name,
    ...(userPage !== undefined && { href: userPage }),
    signOut: { action: '/logout', formToken: user.formToken },
  },
});

export interface SiteLayoutProps extends Omit<LayoutProps, 'brand' | 'nav' | 'user' | 'footer'> {
  user?: CurrentUser | undefined;
  /** The `href` of the navigation item that the page belongs to. */
  current?: string;
}

/** The frame of every page: header, content and footer. */
export function SiteLayout({ user, current, ...layout }: SiteLayoutProps) {
  const site = useContext(SiteContext);
  return <Layout {...layout} {...headerFor(site, user, current)} footer={site.footer} />;
}
