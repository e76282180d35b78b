// @ts-check
import { grantType } from './grant-type/grant-type.mjs';
import { machineClient } from './machine-client/machine-client.mjs';
import { page } from './page/page.mjs';
import { resourceServer } from './resource-server/resource-server.mjs';
import { web } from './web/web.mjs';

/** @typedef {import('@nx/devkit').Tree} Tree */

/**
 * @typedef {object} Request what a person asks for
 * @property {string} name
 * @property {string} [uses] the resource servers that the program calls, separated by commas
 * @property {string} [app] the app that a page is for
 *
 * @typedef {object} RegenerationOptions the values of an earlier generation that do not follow from the names
 * @property {string} [timestamp] of the first migration
 * @property {number} [port]
 *
 * @typedef {object} Generator generates a part of the workspace, and can undo it
 * @property {string} arguments for the usage
 * @property {(tree: Tree, request: Request) => void} check throws a Refusal when the request cannot be met
 * @property {(tree: Tree, request: Request, options?: RegenerationOptions) => void} write writes the new files
 * @property {(tree: Tree, request: Request) => string[]} files the files and folders that belong to it alone
 * @property {(tree: Tree, request: Request) => import('./edits.mjs').Edit[]} edits the changes of other files
 * @property {(request: Request) => string[]} projects the folders of the projects to compile
 * @property {(tree: Tree, name: string) => boolean} [owns] returns whether it generated the app or client with this name
 * @property {(tree: Tree, request: Request) => { request: Request, options?: RegenerationOptions }} earlier returns the
 *   request and the options with which a part was generated
 * @property {(tree: Tree, request: Request) => string[]} [left] tells what is left behind by its removal, and how to delete it
 * @property {(tree: Tree, request: Request) => [command: string, purpose: string][]} nextSteps
 */

/** The kinds of parts that `npm run new` can generate. @type {Readonly<Record<string, Generator>>} */
export const kinds = {
  'resource-server': resourceServer,
  web,
  'machine-client': machineClient,
  'grant-type': grantType,
  page,
};
