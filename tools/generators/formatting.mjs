// @ts-check
import { join } from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';

/** Formats the files that were created or changed in a tree, as `npm run format` does. @param {import('@nx/devkit').Tree} tree */
export async function formatChanges(tree) {
  for (const { path, type, content } of tree.listChanges()) {
    if (type === 'DELETE' || !content) continue;
    const file = join(tree.root, path);
    const { ignored, inferredParser } = await getFileInfo(file, { ignorePath: join(tree.root, '.prettierignore') });
    if (ignored || !inferredParser) continue;
    const config = await resolveConfig(file, { editorconfig: true });
    tree.write(path, await format(content.toString(), { ...config, filepath: file }));
  }
}
