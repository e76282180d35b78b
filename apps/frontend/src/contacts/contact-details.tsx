import type { Contact } from '@trefoil/dto';
import { DescriptionList } from '@trefoil/ui';

/** Lists the fields of a contact. */
export function ContactDetails({ contact }: { contact: Contact }) {
  const { name, email, phone, company, notes } = contact;
  return (
    <DescriptionList
      items={[
        { term: 'Name', description: name },
        { term: 'E-mail', description: email && <a href={`mailto:${encodeURIComponent(email)}`}>{email}</a> },
        { term: 'Phone', description: phone && <a href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}>{phone}</a> },
        { term: 'Company', description: company },
        { term: 'Notes', description: notes },
        { term: 'Added', description: <Moment at={contact.createdAt} /> },
        { term: 'Changed', description: <Moment at={contact.updatedAt} /> },
      ]}
    />
  );
}

const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

function Moment({ at }: { at: string }) {
  return <time dateTime={at}>{FORMAT.format(new Date(at))} UTC</time>;
}
