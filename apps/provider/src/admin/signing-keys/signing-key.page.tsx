import { ButtonLink, Card, Notice, Table } from '@trefoil/ui';
import { Timestamp } from '../../account/timestamp.js';
import type { KeyLifecycle, KeyState } from '../../keys/key-lifecycle.js';
import { OFFERED_ALGORITHMS } from '../../keys/offered-algorithms.js';
import { AdminLayout } from '../admin-layout.js';
import { type PageContext, pathOf } from '../forms/admin-visit.js';
import { choicesOf, type FormField, type FormText } from '../forms/form-fields.js';
import { AdminForm, FormFields } from '../forms/form-parts.js';

const SECTION = '/admin/signing-keys';

const CONFIRMATIONS: Readonly<Record<string, string>> = {
  rotated: 'The new keys are published, and sign when every cache of the key set has them.',
  retired: 'The key is retired. Everything that it signed becomes invalid.',
};

const STATES: Record<KeyState, string> = {
  waiting: 'published, signs later',
  signing: 'signs',
  verifying: 'only verifies',
  retired: 'retired',
};

/** The fields of a rotation. */
export const ROTATION: readonly FormField[] = [
  {
    ...{ name: 'alg', label: 'Keys to replace', kind: 'choice' },
    choices: [{ value: '', label: 'The keys of every algorithm' }, ...choicesOf(OFFERED_ALGORITHMS)],
  },
  {
    ...{ name: 'immediately', label: 'Sign at once', kind: 'flag' },
    hint: 'For emergencies: applications and resource servers may not have fetched the new keys yet.',
  },
];

export interface SigningKeyListPageProps {
  page: PageContext;
  keys: readonly KeyLifecycle[];
  done: string | undefined;
}

/** Lists the signing keys. */
export function SigningKeyListPage({ page, keys, done = '' }: SigningKeyListPageProps) {
  return (
    <AdminLayout
      {...page.frame}
      section={SECTION}
      title="Signing keys"
      lead="The keys that sign tokens. They are replaced on a schedule, and here when one has leaked."
      actions={<ButtonLink href={`${SECTION}/rotate`}>Replace keys</ButtonLink>}
    >
      {Object.hasOwn(CONFIRMATIONS, done) && (
        <Notice kind="success" id="done">
          {CONFIRMATIONS[done]}
        </Notice>
      )}
      <Table
        caption="Signing keys"
        columns={[
          { header: 'Key id', cell: ({ kid }) => kid },
          { header: 'Algorithm', cell: ({ algorithm }) => algorithm },
          { header: 'State', cell: ({ state }) => STATES[state] },
          { header: 'Signs from', cell: ({ signsFrom }) => <Timestamp at={signsFrom} /> },
          { header: 'Signs until', cell: ({ signsUntil }) => signsUntil && <Timestamp at={signsUntil} /> },
          { header: 'Retire', headerHidden: true, cell: (key) => <RetireLink signingKey={key} /> },
        ]}
        rows={keys}
      />
    </AdminLayout>
  );
}

function RetireLink({ signingKey: { kid } }: { signingKey: KeyLifecycle }) {
  return (
    <a href={pathOf(`${SECTION}/retire`, kid)} aria-label={`Retire ${kid}`}>
      Retire
    </a>
  );
}

/** Renders the form that replaces signing keys. */
export function RotateKeysPage({ page, text = {} }: { page: PageContext; text?: FormText }) {
  return (
    <AdminLayout {...page.frame} section={SECTION} title="Replace signing keys?">
      <Card>
        <p>
          New keys are published, and sign when every cache of the key set has them. The present keys then only verify;
          what they signed stays valid.
        </p>
        <AdminForm
          form={page.form}
          action={`${SECTION}/rotate`}
          submit="Replace"
          isDangerous
          cancelHref={SECTION}
          cancel="Change nothing"
          id="confirm"
        >
          <FormFields fields={ROTATION} text={text} />
        </AdminForm>
      </Card>
    </AdminLayout>
  );
}
