/** Creates a promise that one part of a test awaits and another part resolves. */
export function signal<T = void>() {
  let give: (value: T) => void = () => undefined;
  const given = new Promise<T>((resolve) => (give = resolve));
  return { given, give: (value: T) => give(value) };
}
