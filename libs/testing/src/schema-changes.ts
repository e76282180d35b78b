import pg from 'pg';

interface Column {
  readonly type: string;
  readonly required: boolean;
  readonly default: string | null;
}

/** The parts of a database schema on which SQL statements depend. */
export interface DatabaseSchema {
  /** The columns of each table and view, by name. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, Column>>>>;
  /** The table of each rule that a row must obey: checks, keys, exclusions and unique indexes, by their definition. */
  readonly rules: Readonly<Record<string, string>>;
}

const COLUMNS = `
  SELECT relname AS "table", jsonb_object_agg(attname, jsonb_build_object(
    'type', format_type(atttypid, atttypmod),
    'required', attnotnull AND attidentity = '',
    'default', pg_get_expr(adbin, adrelid)
  )) AS columns
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition
  GROUP BY relname`;

// Not-null constraints are properties of columns. A unique index need not belong to a constraint.
const RULES = `
  SELECT relname AS "table", pg_get_constraintdef(pg_constraint.oid) AS definition
  FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
  WHERE relnamespace = current_schema()::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x') AND NOT relispartition
  UNION
  SELECT tablename, regexp_replace(indexdef, '^CREATE UNIQUE INDEX \\S+ ', 'UNIQUE INDEX ') FROM pg_indexes
  WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE UNIQUE INDEX%'`;

/** Reads the schema of a database. */
export async function readSchema(connectionString: string): Promise<DatabaseSchema> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ table: string; columns: Record<string, Column> }>(COLUMNS);
    const { rows: rules } = await client.query<{ table: string; definition: string }>(RULES);
    return {
      tables: Object.fromEntries(tables.map(({ table, columns }) => [table, columns])),
      rules: Object.fromEntries(rules.map(({ table, definition }) => [`${table}: ${definition}`, table])),
    };
  } finally {
    await client.end();
  }
}

/**
 * Returns the changes of a schema that statements written for the old schema may not survive: something that they read is
 * gone or has another type, or a row that they write is refused. New tables, optional columns and indexes are no such changes.
 */
export function breakingChanges(before: DatabaseSchema, after: DatabaseSchema): string[] {
  const inTables = Object.entries(before.tables).flatMap(([table, columns]) => {
    const now = after.tables[table];
    if (!now) return [`${table} is gone`];
    const added = Object.entries(now).filter(([name]) => !(name in columns));
    return [
      ...Object.entries(columns).flatMap(([name, column]) => changesOf(`${table}.${name}`, column, now[name])),
      ...added.flatMap(([name, column]) =>
        column.required && column.default === null ? [`${table}.${name} is new and has no default`] : [],
      ),
    ];
  });
  const added = Object.entries(after.rules).filter(
    ([rule, table]) => !(rule in before.rules) && table in before.tables,
  );
  return [...inTables, ...added.map(([rule]) => `${rule} is new`)];
}

function changesOf(name: string, before: Column, after: Column | undefined): string[] {
  if (!after) return [`${name} is gone`];
  return [
    ...(after.type === before.type ? [] : [`${name} changed from ${before.type} to ${after.type}`]),
    ...(after.required && !before.required ? [`${name} is required`] : []),
    ...(after.required && before.default !== null && after.default === null ? [`${name} has no default any more`] : []),
  ];
}
