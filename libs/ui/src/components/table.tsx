import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ComponentChildren;
  /** Keeps the header for assistive technology only, as for a column of buttons. */
  headerHidden?: boolean;
}

export interface TableProps<Row> {
  /** What the table lists; read out, not shown. */
  caption: string;
  /** The first column names the row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
}

// A phone lays every row out as a card. That takes the table's meaning away from assistive technology unless the roles
// are said again, which is why each element here names its own.
/** A table that becomes a list of cards on a phone. */
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
