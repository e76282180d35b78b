import { ClientInput, ClientPatch } from '../../clients/administration/client-input.js';
import type { ClientJson } from '../../clients/administration/client-json.js';
import { parseOrRefuse } from '../../http/refusal.js';
import { type FormText, membersOf, textOf } from '../forms/form-fields.js';
import { CLIENT_GROUPS, NEW_CLIENT_GROUP } from './client-fields.js';

/** The fields of a client that exists. */
export const CLIENT_FIELDS = CLIENT_GROUPS.flatMap(({ fields }) => fields);

/** The fields of a new client. */
export const NEW_CLIENT_FIELDS = [...NEW_CLIENT_GROUP.fields, ...CLIENT_FIELDS];

/** The text of the form of a new client: the grant type of most clients. */
export const NEW_CLIENT_TEXT: FormText = { grant_types: ['authorization_code'] };

/** Returns the text of the fields for a client as it is now. */
export const clientText = (json: ClientJson): FormText => textOf(json, CLIENT_FIELDS);

/**
 * Reads a new client.
 *
 * @throws Refusal that names the field.
 */
export const newClientOf = (text: FormText): ClientInput =>
  parseOrRefuse(ClientInput, membersOf(text, NEW_CLIENT_FIELDS));

/**
 * Reads the change of a client: the members whose text was changed.
 *
 * @throws Refusal that names the field.
 */
export const clientPatchOf = (text: FormText, present: ClientJson): ClientPatch =>
  parseOrRefuse(ClientPatch, membersOf(text, CLIENT_FIELDS, clientText(present)));
