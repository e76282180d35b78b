import type { LayoutProps } from '@trefoil/ui';
import { ProviderPage } from '../http/provider-page.js';
import { SectionNav, type SectionPath } from './sections.js';

/** What surrounds the content of every page of administrators: the width, the navigation and the signed-in user. */
export type AdminFrame = Pick<LayoutProps, 'nav' | 'user' | 'width'>;

export interface AdminLayoutProps extends Omit<LayoutProps, 'brand'> {
  /** The section that the page belongs to. */
  section?: SectionPath;
}

/** Lays out a page of administrators, with the navigation of the sections above its content. */
export function AdminLayout({ section, children, ...layout }: AdminLayoutProps) {
  return (
    <ProviderPage {...layout}>
      <SectionNav current={section} />
      {children}
    </ProviderPage>
  );
}
