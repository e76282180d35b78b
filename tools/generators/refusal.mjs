// @ts-check
import { builtinModules } from 'node:module';

/** Says why a command does not do what it was asked to. It has written nothing by then. */
export class Refusal extends Error {
  /** @override */
  name = 'Refusal';
}

const IDENTIFIER = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST = 30;

/** The keywords of TypeScript, and the globals that a generated constant would hide. */
const KEYWORDS =
  'abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default delete do else enum eval export extends false finally for from function get if implements import in infer instanceof interface is keyof let module namespace never new null number object of package private protected public readonly require return set static string super switch symbol this throw true try type typeof undefined unique unknown var void while with yield app config console global process server'.split(
    ' ',
  );

/** Names with a meaning to npm, Nx, compose or the provider: its clients, its paths and the projects of the workspace. */
const RESERVED =
  'account admin api api-docs apps authorize callback common databases demo demo-cli demo-data demo-secrets deploy device dist docs e2e end-session example examples gateway health helpers introspect jwks lib libs local-stack login logout manager marketing-sync metrics migrate migrations mtls node-modules npm nx openid par postgres provider redis register revoke root secrets sessions setup ssf test testing token tools trefoil user userinfo utils well-known workspace'.split(
    ' ',
  );

/**
 * Checks that a name can be that of a folder, a database, a variable and a class.
 *
 * @param {string} name
 * @throws Refusal
 */
export function checkName(name) {
  if (name.length > LONGEST || !IDENTIFIER.test(name)) {
    throw new Refusal(
      `"${name}" is not a name in kebab-case. Use at most ${LONGEST} lowercase letters, digits and single hyphens, beginning with a letter.`,
    );
  }
  if (KEYWORDS.includes(name)) throw new Refusal(`"${name}" is a word of TypeScript. Choose another name.`);
  if (RESERVED.includes(name) || builtinModules.includes(name)) {
    throw new Refusal(`"${name}" is reserved. Choose another name.`);
  }
}
