import { Layout, type LayoutProps } from '@trefoil/ui';

/** The name of the provider on its pages, and the page that the name links to. */
export const BRAND = { name: 'Trefoil ID', href: '/' } as const;

/** Lays out a page of the provider. */
export function ProviderPage(props: Omit<LayoutProps, 'brand'>) {
  return <Layout width="narrow" {...props} brand={BRAND} />;
}
