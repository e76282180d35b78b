import { ButtonLink, Actions, Card, DescriptionList, Notice } from '@trefoil/ui';
import { AdminLayout } from '../admin-layout.js';
import type { SectionPath } from '../sections.js';
import type { PageContext } from './admin-visit.js';

export interface ShownOncePageProps {
  page: PageContext;
  section: SectionPath;
  title: string;
  /** What else the reader needs together with the secret. */
  facts: readonly { term: string; description: string }[];
  /** The name of the secret, such as `Client secret`. */
  label: string;
  secret: string;
  next: { href: string; label: string };
}

/** Shows a secret that is stored only as its hash. It is the answer to the form itself, so that the secret is in no URL. */
export function ShownOncePage({ page, section, title, facts, label, secret, next }: ShownOncePageProps) {
  return (
    <AdminLayout {...page.frame} section={section} title={title}>
      <Notice kind="warning" title={`${label}: shown only now`}>
        Copy it to where it is needed before you leave this page. It cannot be shown again, only replaced.
      </Notice>
      <Card>
        <DescriptionList items={[...facts, { term: label, description: <code id="secret">{secret}</code> }]} />
        <Actions>
          <ButtonLink href={next.href}>{next.label}</ButtonLink>
        </Actions>
      </Card>
    </AdminLayout>
  );
}
