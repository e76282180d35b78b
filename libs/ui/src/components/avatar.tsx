export interface AvatarProps {
  /** The name of a user or a client. */
  name: string;
  size?: 'regular' | 'large';
}

/** The initials of a name in a circle. It is decorative, so the page must show the name beside it. */
export function Avatar({ name, size = 'regular' }: AvatarProps) {
  return (
    <span class={size === 'large' ? 'avatar large' : 'avatar'} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/**
 * Returns the first letters of the first and the last word of a name, in capitals, or `?` when there is no letter. Of an
 * e-mail address, only the local part counts.
 */
export function initials(name: string): string {
  const words = name.replace(/@.*$/s, '').split(/[\s._-]+/u);
  const letters = words.flatMap((word) => word.match(/[\p{L}\p{N}]/u)?.[0] ?? []);
  const chosen = letters.length > 1 ? [letters[0], letters[letters.length - 1]] : letters;
  return chosen.join('').toLocaleUpperCase('en') || '?';
}
