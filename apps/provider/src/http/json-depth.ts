/**
 * The number of levels that JSON of clients may have. The parameters, documents and key sets of the specifications need
 * less than half of it.
 */
export const JSON_DEPTH_LIMIT = 20;

/**
 * Returns whether objects and arrays are nested in more than a number of levels; `{}` and `[]` are one level.
 *
 * The limit is ours because that of the runtime is not fixed: `JSON.stringify` overflows the stack at some thousand
 * levels on some versions of Node.js and has no limit on others.
 */
export function isNestedDeeperThan(json: unknown, levels: number): boolean {
  let containers = [json].filter(isContainer);
  for (let level = 0; level < levels && containers.length > 0; level++) {
    containers = containers.flatMap((container): unknown[] => Object.values(container)).filter(isContainer);
  }
  return containers.length > 0;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
