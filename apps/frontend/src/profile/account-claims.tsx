import type { ProfileAccount } from '@trefoil/dto';
import type { ComponentChildren } from 'preact';

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** A row of the list of claims. */
export interface ClaimRow {
  readonly term: string;
  readonly description: ComponentChildren;
}

/** Returns the standard claims that are set, names first, then in the order of OpenID Connect Core §5.1. */
export function claimRows(account: ProfileAccount): ClaimRow[] {
  const claims: ClaimRow[] = [
    { term: 'E-mail', description: verified(account.email, account.email_verified) },
    { term: 'Name', description: account.name },
    { term: 'Given name', description: account.given_name },
    { term: 'Middle name', description: account.middle_name },
    { term: 'Family name', description: account.family_name },
    { term: 'Nickname', description: account.nickname },
    { term: 'User name', description: account.preferred_username },
    { term: 'Phone', description: verified(account.phone_number, account.phone_number_verified) },
    { term: 'Address', description: formatAddress(account.address) },
    { term: 'Profile page', description: link(account.profile) },
    { term: 'Picture', description: link(account.picture) },
    { term: 'Website', description: link(account.website) },
    { term: 'Gender', description: account.gender },
    { term: 'Birthdate', description: account.birthdate },
    { term: 'Time zone', description: account.zoneinfo },
    { term: 'Language', description: account.locale },
    { term: 'Changed', description: account.updated_at === undefined ? undefined : day(account.updated_at) },
    { term: 'Identifier', description: <code>{account.sub}</code> },
  ];
  return claims.filter(({ description }) => description !== undefined);
}

const verified = (value: string | undefined, isVerified: boolean | undefined): string | undefined =>
  value && `${value} (${isVerified ? 'verified' : 'not verified'})`;

const link = (url: string | undefined): ComponentChildren => url && <a href={url}>{url}</a>;

function formatAddress(address: ProfileAccount['address']): string | undefined {
  if (!address) return undefined;
  const { formatted, street_address, postal_code, locality, region, country } = address;
  const town = [postal_code, locality].filter(Boolean).join(' ');
  return formatted ?? ([street_address, town, region, country].filter(Boolean).join('\n') || undefined);
}

function day(seconds: number) {
  const date = new Date(seconds * 1000);
  return <time dateTime={date.toISOString()}>{DAY.format(date)}</time>;
}
