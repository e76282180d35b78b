import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ComponentChildren;
  /** Shows the header to assistive technology only, for example above a column of buttons. */
  headerHidden?: boolean;
}

export interface TableProps<Row> {
  /** The name of the table, for assistive technology only. */
  caption: string;
  /** The first column contains the header of each row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
}

/**
 * A table that becomes a list of cards on phones.
 *
 * The style sheet changes the display of the elements for that, which hides the table from assistive technology. Every
 * element therefore states its role.
 */
export function Table<Row>({ caption, columns, rows }: TableProps<Row>) {
  return (
    <table class="table" role="table">
      <caption class="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ header, headerHidden }) => (
            <th key={header} role="columnheader" scope="col">
              {headerHidden ? <span class="visually-hidden">{header}</span> : header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row">
            {columns.map((column, index) => (
              <Cell key={column.header} column={column} row={row} first={index === 0} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<Row>({ column, row, first }: { column: Column<Row>; row: Row; first: boolean }) {
  if (first) {
    return (
      <th role="rowheader" scope="row">
        {column.cell(row)}
      </th>
    );
  }
  return (
    <td role="cell" data-label={column.headerHidden ? undefined : column.header}>
      {column.cell(row)}
    </td>
  );
}
