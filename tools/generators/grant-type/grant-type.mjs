// @ts-check
import { generateFiles } from '@nx/devkit';
import { fileURLToPath } from 'node:url';
import { insertBlock, read } from '../edits.mjs';
import { nameOf } from '../names.mjs';
import { Refusal } from '../refusal.mjs';
import { scopeOf } from '../workspace-facts.mjs';

const FILES = fileURLToPath(new URL('files', import.meta.url));
const FOLDER = 'apps/provider/src/token';
const VOCABULARY = 'libs/oauth-protocol/src/grant-type.ts';
const LIST = `${FOLDER}/grant-types.ts`;
const USAGE = 'apps/provider/src/admin/usage-table.tsx';
const CLIENT_FORM = 'apps/provider/src/admin/clients/client-fields.ts';

/** Returns the name on the wire (RFC 6755). @param {string} name */
const wireName = (name) => `urn:ietf:params:oauth:grant-type:${name}`;

/**
 * Generates the handler of a grant type at the token endpoint.
 *
 * @type {import('../kinds.mjs').Generator}
 */
export const grantType = {
  arguments: 'NAME',
  check: (tree, { name }) => {
    const isTaken =
      tree.exists(`${FOLDER}/${name}.grant.ts`) || read(tree, VOCABULARY).includes(`  ${nameOf(name).camel}: `);
    if (isTaken) throw new Refusal(`"${name}" is taken: ${VOCABULARY} has this grant type. Choose another name.`);
  },
  write: (tree, { name }) => {
    const values = { name, grant: nameOf(name), wireName: wireName(name), scope: scopeOf(tree) };
    generateFiles(tree, FILES, FOLDER, values);
  },
  files: (_tree, { name }) => [`${FOLDER}/${name}.grant.ts`, `${FOLDER}/${name}.grant.spec.ts`],
  edits: (_tree, { name }) => {
    const { camel, pascal, title } = nameOf(name);
    return [
      insertBlock(VOCABULARY, `  ${camel}: '${wireName(name)}',\n`, /^\} as const;/m),
      insertBlock(LIST, `import { ${pascal}Grant } from './${name}.grant.js';\n`, /import \{ TokenExchangeGrant \}/),
      insertBlock(LIST, `  ${pascal}Grant,\n`, /^\];/m),
      insertBlock(USAGE, `  [GRANT_TYPE.${camel}]: '${title} tokens',\n`, /^ {2}introspection: /m),
      insertBlock(
        CLIENT_FORM,
        `          { value: GRANT_TYPE.${camel}, label: '${title}: exchanges an assertion for a token' },\n`,
        /(?<=deviceCode[^\]]*)^ {8}\],/m,
      ),
    ];
  },
  projects: () => ['apps/provider'],
  earlier: (_tree, request) => ({ request }),
  nextSteps: (_tree, { name }) => [
    [
      `${FOLDER}/${name}.grant.ts`,
      'write here how an assertion is verified; client-credentials.grant.ts issues a token',
    ],
    [`npm run jest -- ${FOLDER}/${name}`, 'runs its tests'],
    ['npm run jest -- apps/provider -u', 'updates the recorded metadata and help, which list every grant type'],
  ],
};
