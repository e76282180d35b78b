import fc from 'fast-check';

/** The parts of a JSON schema that parameters use. */
interface ParameterSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly ParameterSchema[];
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: ParameterSchema;
}

/** The parts of an OpenAPI document that requests are made from. */
export interface OpenApiDocument {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly parameters?: readonly Parameter[]; readonly responses: Readonly<Record<string, unknown>> }
        >
      >
    >
  >;
}

/** The address and headers of a request. */
export interface DescribedRequest {
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** An operation of an OpenAPI document. */
export interface DescribedOperation {
  /** The method and path, such as `PATCH /v1/contacts/{id}`. */
  readonly name: string;
  readonly method: string;
  /** The documented statuses. */
  readonly statuses: readonly number[];
  /** Generates requests whose query and headers fit the schemas of the operation. */
  readonly requests: fc.Arbitrary<DescribedRequest>;
}

/**
 * Returns the operations of an OpenAPI document, with requests that fit their schemas.
 *
 * @param pathValues values for the parameters in paths, by name.
 */
export function describedOperations(
  { paths }: OpenApiDocument,
  pathValues: Readonly<Record<string, readonly string[]>> = {},
): DescribedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters = [], responses }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      statuses: Object.keys(responses).map(Number),
      requests: requestsTo(path, parameters, pathValues),
    })),
  );
}

function requestsTo(
  path: string,
  parameters: readonly Parameter[],
  pathValues: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<DescribedRequest> {
  const valuesOf = (place: string) => {
    const found = parameters.filter((parameter) => parameter.in === place);
    const values = found.map(({ name, schema }) => [
      name,
      place === 'path' ? fc.constantFrom(...(pathValues[name] ?? [])) : valuesFor(schema, place),
    ]);
    const requiredKeys = found.filter(({ required }) => required === true).map(({ name }) => name);
    return fc.record(Object.fromEntries(values) as Record<string, fc.Arbitrary<string>>, { requiredKeys });
  };
  return fc.record({ path: valuesOf('path'), query: valuesOf('query'), headers: valuesOf('header') }).map((values) => ({
    path: `${path.replace(/\{(\w+)\}/g, (_, name: string) => values.path[name] ?? '')}?${new URLSearchParams(values.query)}`,
    headers: values.headers,
  }));
}

function valuesFor(schema: ParameterSchema, place: string): fc.Arbitrary<string> {
  const { type, format, pattern, minLength = 0, maxLength = 1000, minimum, maximum } = schema;
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((option) => valuesFor(option, place)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (type === 'integer') return fc.integer({ min: minimum, max: maximum }).map(String);
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern !== undefined)
    return fc.stringMatching(new RegExp(pattern)).filter(({ length }) => length >= minLength && length <= maxLength);
  // Headers have no characters outside of ASCII.
  return fc.string({ unit: place === 'header' ? 'grapheme-ascii' : 'binary', minLength, maxLength });
}
