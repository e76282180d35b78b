// @ts-check

/**
 * @typedef {object} ProjectRule
 *   has the form of a `depConstraints` entry of Nx's rule `enforce-module-boundaries`
 * @property {string} sourceTag the rule applies to projects with this tag. `*` stands for any text.
 * @property {string[]} onlyDependOnLibsWithTags such a project may import projects that have one of these tags. `*` stands
 *   for the text that it stands for in `sourceTag`.
 * @property {string[]} [bannedExternalImports] packages that such a project must not import
 * @property {string} because what the message gives as the reason
 */

/**
 * Which projects may import which, by the tags in `nx.tags` of their package.json. Every rule whose tag a project has
 * applies to it. Every project has one `type:` tag and one `scope:` tag.
 *
 * | tag                 | projects with this tag                                                       |
 * | ------------------- | ---------------------------------------------------------------------------- |
 * | `type:app`          | a server of its own                                                          |
 * | `type:lib`          | code that other projects import                                              |
 * | `type:example`      | a program that shows how to use the libs                                     |
 * | `type:e2e`          | tests of the whole system                                                    |
 * | `scope:shared`      | libs for every project                                                       |
 * | `scope:development` | libs for tests, for `npm start` and to install; servers cannot import them    |
 * | `scope:<name>`      | an app, an example or e2e, and the libs that only it may import              |
 * | `platform:none`     | libs without any framework                                                   |
 *
 * @type {readonly ProjectRule[]}
 */
export const projectRules = [
  {
    sourceTag: '*',
    onlyDependOnLibsWithTags: ['type:lib'],
    because: 'Apps know each other by URL only.',
  },
  {
    // Only the provider can reach a signing key, because token-issuance has the tag `scope:provider`.
    sourceTag: 'scope:*',
    onlyDependOnLibsWithTags: ['scope:*', 'scope:shared'],
    because: 'A lib that is not shared belongs to one app, or to tests.',
  },
  {
    sourceTag: 'platform:none',
    onlyDependOnLibsWithTags: ['platform:none'],
    bannedExternalImports: ['@nestjs/*', '@fastify/*', 'fastify', 'typeorm', 'express'],
    because: 'It has to work without any framework.',
  },
];

/** Test code of every project may import projects with these tags as well. */
export const testTags = ['scope:development'];

/** Every project has exactly one tag of each of these kinds. */
export const requiredTags = ['type:', 'scope:'];
