import { Injectable } from '@nestjs/common';
import { invalidClient } from '@trefoil/oauth-protocol';
import type { RequestWithHeaders } from '../../http/http-message.js';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';
import { ClientSecretCheck } from './client-secret-check.js';

/** Reads `client_secret_basic`: id and secret, each form-encoded, in an HTTP Basic header (RFC 6749 §2.3.1). */
@Injectable()
export class ClientSecretBasic implements AuthenticationMethod {
  readonly name = 'client_secret_basic';

  constructor(private readonly secrets: ClientSecretCheck) {}

  read({ headers }: RequestWithHeaders): PresentedCredentials | undefined {
    const match = /^basic +(.*)$/i.exec(headers.authorization ?? '');
    if (!match) return undefined;
    const text = Buffer.from(match[1] ?? '', 'base64').toString('utf8');
    const [, encodedId, encodedSecret] = /^([^:]+):(.*)$/s.exec(text) ?? [];
    if (encodedId === undefined || encodedSecret === undefined) throw malformed();
    const [clientId, secret] = [formDecode(encodedId), formDecode(encodedSecret)];
    return { clientId, proves: (client) => this.secrets.matches(clientId, client, secret) };
  }
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed();
  }
}

const malformed = () =>
  invalidClient('the Basic header must be base64 of a form-encoded client id, a colon and a form-encoded secret');
