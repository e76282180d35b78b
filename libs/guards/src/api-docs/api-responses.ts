import { ApiResponse, type OpenAPIObject } from '@nestjs/swagger';
import { Problem } from '@trefoil/dto';
import type { ZodType } from 'zod';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Documents an error response that is specific to an operation. The usual error responses are added without it. */
export const ApiProblem = (status: number, description: string) =>
  ApiResponse({ status, description, content: problemContent });

/** Documents a response that has one schema for each media type that a client can ask for. */
export const ApiAnswer = (description: string, schemas: Readonly<Record<string, ZodType>>) => {
  const contents = Object.entries(schemas).map(([type, schema]) => [type, { schema: describeSchema(schema) }] as const);
  return ApiResponse({ status: 200, description, content: Object.fromEntries(contents) });
};

/** Adds the usual error responses to each operation. They follow from its input: a token, parameters, a body. */
export function withUsualProblems(document: OpenAPIObject): OpenAPIObject {
  for (const item of Object.values(document.paths)) {
    for (const operation of METHODS.map((method) => item[method]).filter((operation) => operation !== undefined)) {
      for (const [status, description] of usualProblems(operation)) {
        operation.responses[status] ??= { description, content: problemContent };
      }
    }
  }
  const schemas = { ...document.components?.schemas, Problem: describeSchema(Problem) };
  return { ...document, components: { ...document.components, schemas } };
}

function usualProblems({ parameters = [], requestBody, security = [] }: OperationObject): [string, string][] {
  const problems: [string, string][] = [
    ['503', 'A service that the server depends on is down; try again after `Retry-After`'],
  ];
  if (parameters.length > 0 || requestBody) problems.push(['400', 'A value is not valid; `errors` names the field']);
  if (requestBody) problems.push(['413', 'The body is larger than 64 KiB'], ['415', 'The body is not JSON']);
  if (security.length > 0) {
    problems.push(['401', 'The token is missing or not valid'], ['403', 'The token does not allow this']);
  }
  return problems;
}

/**
 * Removes the parts of a document that only reflect how values are checked: the pattern of a value that has a format, the
 * bounds of every integer, and `additionalProperties: false`.
 */
export function withoutValidationDetails(document: OpenAPIObject): OpenAPIObject {
  return JSON.parse(JSON.stringify(document), function (this: object, name: string, value: unknown) {
    const isDetail =
      (name === 'pattern' && 'format' in this) ||
      (name === 'additionalProperties' && value === false) ||
      (typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER);
    return isDetail ? undefined : value;
  }) as OpenAPIObject;
}

const describeSchema = (schema: ZodType) => schema['~standard'].jsonSchema.output({ target: 'openapi-3.0' });
