// @ts-check

/**
 * @typedef {object} Name a name in the forms in which code and text use it
 * @property {string} kebab `time-entry`
 * @property {string} camel `timeEntry`
 * @property {string} pascal `TimeEntry`
 * @property {string} snake `time_entry`
 * @property {string} words `time entry`
 * @property {string} title `Time entry`
 * @property {string} withArticle `a time entry`
 * @property {string} withArticleCapital `A time entry`
 */

/** Returns a name in all its forms. @param {string} kebab @returns {Name} */
export function nameOf(kebab) {
  const words = kebab.replaceAll('-', ' ');
  const camel = kebab.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  const article = /^[aeiou]/.test(words) ? 'an' : 'a';
  return {
    kebab,
    camel,
    pascal: capital(camel),
    snake: kebab.replaceAll('-', '_'),
    words,
    title: capital(words),
    withArticle: `${article} ${words}`,
    withArticleCapital: `${capital(article)} ${words}`,
  };
}

/**
 * Returns the names of the entity of a resource server: `invoices` has an `invoice` and `invoices`, `calendar` has a
 * `calendar` and `calendars`.
 *
 * @param {string} name of the app
 * @returns {{ singular: Name, plural: Name }}
 */
export function entityOf(name) {
  const [singular, plural] = inflect(name);
  return { singular: nameOf(singular), plural: nameOf(plural) };
}

/** Returns the singular and the plural of a name. @param {string} name @returns {[string, string]} */
function inflect(name) {
  if (/[^aeiou]ies$/.test(name)) return [name.replace(/ies$/, 'y'), name];
  if (/(ss|us|is)$/.test(name)) return [name, `${name}es`];
  if (/(ss|x|ch|sh)es$/.test(name)) return [name.replace(/es$/, ''), name];
  if (name.endsWith('s')) return [name.slice(0, -1), name];
  if (/[^aeiou]y$/.test(name)) return [name, name.replace(/y$/, 'ies')];
  return [name, /(x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`];
}

/** @param {string} text */
const capital = (text) => text.replace(/^./, (first) => first.toUpperCase());
