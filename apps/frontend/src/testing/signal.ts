/** Something that one part of a test waits for and another one gives. */
export function signal<T = void>() {
  let give: (value: T) => void = () => undefined;
  const given = new Promise<T>((resolve) => (give = resolve));
  return { given, give: (value: T) => give(value) };
}
