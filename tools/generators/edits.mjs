// @ts-check
/** @typedef {import('@nx/devkit').Tree} Tree */

/**
 * @typedef {object} Edit a change of a file that can be undone
 * @property {string} file
 * @property {(tree: Tree) => void} make
 * @property {(tree: Tree) => void} undo
 */

/**
 * Returns the edit that inserts a block of text before the place that a pattern matches.
 *
 * @param {string} file
 * @param {string} block whole lines
 * @param {RegExp} before
 * @returns {Edit}
 */
export function insertBlock(file, block, before) {
  return {
    file,
    make: (tree) => {
      const text = read(tree, file);
      const index = text.search(before);
      if (index < 0) throw new Error(`${file} has no place for a new entry: it does not match ${before}.`);
      tree.write(file, text.slice(0, index) + block + text.slice(index));
    },
    undo: (tree) => {
      if (tree.exists(file))
        tree.write(
          file,
          read(tree, file).replace(block, () => ''),
        );
    },
  };
}

/**
 * Returns the edit that inserts an entry into a list or an object, directly behind the text that a pattern matches. Formatting
 * moves the entry; it is found again by its words.
 *
 * @param {string} file
 * @param {string} entry with the comma that separates it
 * @param {RegExp} behind
 * @returns {Edit}
 */
export function insertInto(file, entry, behind) {
  const words = entry.trim().replace(/,$/, '');
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return {
    file,
    make: (tree) => {
      const text = read(tree, file);
      const found = behind.exec(text);
      if (!found) throw new Error(`${file} has no place for a new entry: it does not match ${behind}.`);
      const index = found.index + found[0].length;
      tree.write(file, text.slice(0, index) + entry + text.slice(index));
    },
    undo: (tree) => {
      if (!tree.exists(file)) return;
      const text = read(tree, file);
      const start = behind.exec(text)?.index ?? 0;
      tree.write(file, text.slice(0, start) + text.slice(start).replace(new RegExp(`${escaped},\\s*`), ''));
    },
  };
}

/**
 * Returns an edit of a JSON file. The file keeps its indentation of two spaces.
 *
 * @template Content the part of the content that the edit reads and changes
 * @param {string} file
 * @param {(json: Content) => void} add
 * @param {(json: Content) => void} remove
 * @returns {Edit}
 */
export function editJson(file, add, remove) {
  /** @param {(json: Content) => void} change @returns {(tree: Tree) => void} */
  const changed = (change) => (tree) => {
    const json = JSON.parse(read(tree, file));
    change(json);
    tree.write(file, `${JSON.stringify(json, null, 2)}\n`);
  };
  return { file, make: changed(add), undo: changed(remove) };
}

/** @typedef {{ references: { path: string }[] }} References the part of a tsconfig.json that lists projects */

/** Returns the edit that adds a reference to the tsconfig.json of the workspace. @param {string} path @param {string} before */
export const addReference = (path, before) =>
  editJson(
    'tsconfig.json',
    (/** @type {References} */ { references }) => {
      const index = references.findIndex((reference) => reference.path === before);
      references.splice(index, 0, { path });
    },
    (json) => {
      json.references = json.references.filter((reference) => reference.path !== path);
    },
  );

/** Returns the text of a file. @param {Tree} tree @param {string} file */
export function read(tree, file) {
  const text = tree.read(file, 'utf8');
  if (text === null) throw new Error(`${file} is missing.`);
  return text;
}
