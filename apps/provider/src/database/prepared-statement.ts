import { poolOf } from '@trefoil/server-kit';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';

/**
 * A statement of a frequent request. PostgreSQL parses it once for each connection, and it needs no query builder and no
 * mapping of entities.
 */
export class PreparedStatement<Row extends object> {
  private text: string | undefined;

  /**
   * @param name names the statement on each connection. It must be unique in the server.
   * @param textOf returns the SQL, which must be the same for every data source.
   */
  constructor(
    private readonly name: string,
    private readonly textOf: (dataSource: DataSource) => string,
  ) {}

  /** Runs the statement in a transaction of its own, and returns the rows. */
  async rows(dataSource: DataSource, values: readonly unknown[]): Promise<Row[]> {
    const text = (this.text ??= this.textOf(dataSource));
    return (await poolOf(dataSource).query<Row>({ name: this.name, text, values: [...values] })).rows;
  }

  /** Runs the statement and returns the first row; undefined when there is none. */
  async first(dataSource: DataSource, values: readonly unknown[]): Promise<Row | undefined> {
    return (await this.rows(dataSource, values))[0];
  }
}

/**
 * Returns the columns of an entity for `SELECT`, named like its properties.
 *
 * @param table the table, or its alias in the statement.
 * @param prefix begins each name, when the statement selects the columns of several entities.
 */
export const columnsOf = (
  dataSource: DataSource,
  entity: EntityTarget<ObjectLiteral>,
  table: string,
  prefix = '',
): string =>
  dataSource
    .getMetadata(entity)
    .columns.map(({ databaseName, propertyName }) => `${table}."${databaseName}" AS "${prefix}${propertyName}"`)
    .join(', ');

/** Returns the members of a row whose names begin with a prefix, without it. */
export const membersOf = (row: object, prefix: string): object =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value as unknown]),
  );
