import { initials } from './components/avatar.js';
import { DescriptionList, Notice, Pagination, Table, renderPage } from './index.js';

describe('initials', () => {
  it.each([
    ['Alice Example', 'AE'],
    ['alice@example.com', 'A'],
    ['Ludwig van Beethoven', 'LB'],
    ['élodie', 'É'],
    ['  ', '?'],
  ])('of %s are %s', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});

describe('a notice', () => {
  it.each([
    ['info', 'status'],
    ['success', 'status'],
    ['warning', 'alert'],
    ['error', 'alert'],
  ] as const)('of kind %s has the role %s', (kind, role) => {
    expect(renderPage(<Notice kind={kind}>Text</Notice>)).toContain(`role="${role}"`);
  });
});

describe('a table', () => {
  it('states the role of every element and the column of every cell, because phones show it as cards', () => {
    const html = renderPage(
      <Table
        caption="Contacts"
        rows={[{ name: 'Grace', email: 'grace@example.com' }]}
        columns={[
          { header: 'Name', cell: (row) => row.name },
          { header: 'E-mail', cell: (row) => row.email },
        ]}
      />,
    );
    expect(html).toContain('<caption class="visually-hidden">Contacts</caption>');
    expect(html).toContain('<th role="rowheader" scope="row">Grace</th>');
    expect(html).toContain('<td role="cell" data-label="E-mail">grace@example.com</td>');
    expect(html.match(/<(table|thead|tbody|tr|th|td)[ >]/g)).toHaveLength(html.match(/role="/g)?.length ?? 0);
  });
});

describe('a list of descriptions', () => {
  it('says so when a value is not given', () => {
    const items = [
      { term: 'Phone', description: null },
      { term: 'Contacts', description: 0 },
    ];
    const html = renderPage(<DescriptionList items={items} />);
    expect(html.match(/not given/g)).toHaveLength(1);
    expect(html).toContain('<dd>0</dd>');
  });
});

describe('pagination', () => {
  it('links only to pages that exist', () => {
    expect(renderPage(<Pagination label="Contacts" />)).toBe('<!doctype html>');
    const html = renderPage(<Pagination label="Contacts" nextHref="/contacts?cursor=c" />);
    expect(html).toContain('rel="next"');
    expect(html).not.toContain('First page');
  });
});
