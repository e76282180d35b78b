import { Layout, type LayoutProps } from '@trefoil/ui';

/** How the provider calls itself on its pages. */
export const BRAND = { name: 'Trefoil ID', href: '/' } as const;

/** A page of the provider. */
export function ProviderPage(props: Omit<LayoutProps, 'brand'>) {
  return <Layout width="narrow" {...props} brand={BRAND} />;
}
