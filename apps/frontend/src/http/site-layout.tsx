import { Layout, type LayoutProps, type NavItem } from '@trefoil/ui';
import type { Viewer } from '../page-access/current-user.pipe.js';

export const brand = { name: 'Trefoil', href: '/' };

const NAVIGATION = [
  { href: '/profile', label: 'Profile' },
  { href: '/contacts', label: 'Contacts' },
] as const;

/** What the header of a page shows of the person who looks at it. */
export const headerOf = (viewer: Viewer | undefined, current?: string) => ({
  brand,
  nav: viewer && NAVIGATION.map((item): NavItem => ({ ...item, current: item.href === current })),
  user: viewer && {
    name: viewer.name,
    href: '/profile',
    signOut: { action: '/logout', formToken: viewer.formToken },
  },
});

export interface SiteLayoutProps extends Omit<LayoutProps, 'brand' | 'nav' | 'user' | 'footer'> {
  viewer?: Viewer | undefined;
  /** The part of the site that the page belongs to. */
  current?: (typeof NAVIGATION)[number]['href'];
}

/** A page of the frontend. */
export function SiteLayout({ viewer, current, ...layout }: SiteLayoutProps) {
  return <Layout {...layout} {...headerOf(viewer, current)} footer={<Footer />} />;
}

/** Stands under every page. */
export function Footer() {
  return <>Trefoil keeps every token on its servers. Your browser holds only a cookie.</>;
}
