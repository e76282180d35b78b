import { z } from 'zod';
import { baseUrl, issuerUrl } from './variables.js';

/** The environment variables that say which provider a server uses, and how it differs from ours (docs/replacing.md). */
export const providerVariables = {
  ISSUER: issuerUrl().describe(
    'Issuer identifier of the provider, exactly as in its metadata, also with a path or a slash at the end (RFC 8414 §2)',
  ),
  ISSUER_INTERNAL_URL: baseUrl()
    .optional()
    .describe(
      'URL at which this server reaches the provider when that is not `ISSUER`, such as inside a cluster. Browsers are sent to `ISSUER`',
    ),
  RESOURCE_PARAMETER: z
    .enum(['resource', 'audience', 'none'], 'must be resource, audience or none')
    .default('resource')
    .describe(
      'Parameter that names the API when a token is requested: `resource` (RFC 8707), `audience`, or `none` if the provider knows it from the scopes',
    ),
};

/** The values of {@link providerVariables}. */
export type ProviderConfiguration = z.output<z.ZodObject<typeof providerVariables>>;

/** A rule about several variables: the one that is wrong, and why. */
export type Contradiction<T> = readonly [name: keyof T & string, isContradiction: boolean, message: string];

/**
 * Adds rules to a schema, so that settings that contradict each other are named at start.
 *
 * @param contradictionsOf returns the rules for a configuration whose variables are each well-formed.
 */
export const withoutContradictions = <S extends z.ZodObject>(
  schema: S,
  contradictionsOf: (configuration: z.output<S>) => readonly Contradiction<z.output<S>>[],
): S =>
  schema.superRefine((configuration, context) => {
    for (const [name, isContradiction, message] of contradictionsOf(configuration)) {
      if (isContradiction) context.addIssue({ code: 'custom', path: [name], message });
    }
  });
