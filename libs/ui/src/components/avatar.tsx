export interface AvatarProps {
  /** A person's or a client's name; its initials are shown. */
  name: string;
  size?: 'regular' | 'large';
}

/** Initials in a circle; decorative, so the name must stand beside it. */
export function Avatar({ name, size = 'regular' }: AvatarProps) {
  return (
    <span class={size === 'large' ? 'avatar large' : 'avatar'} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** The first letters of the first and the last word, in capitals; `?` when there is none. Of an address, its local part. */
export function initials(name: string): string {
  const words = name.replace(/@.*$/s, '').split(/[\s._-]+/u);
  const letters = words.flatMap((word) => word.match(/[\p{L}\p{N}]/u)?.[0] ?? []);
  const chosen = letters.length > 1 ? [letters[0], letters[letters.length - 1]] : letters;
  return chosen.join('').toLocaleUpperCase('en') || '?';
}
