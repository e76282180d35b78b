import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { ClientCertificate } from '@trefoil/server-kit';
import type { RequestWithCredentials } from '../../http/http-message.js';
import { OutboundError } from '../../outbound/outbound-fetcher.js';
import type { Client } from '../client.entity.js';
import { ClientCertificates } from '../keys/client-certificates.js';
import {
  type AuthenticationMethod,
  ClientCertificateError,
  type PresentedCredentials,
} from './authentication-method.js';
import { namedClientWithCertificate } from './named-client.js';

/**
 * Reads `self_signed_tls_client_auth`: the connection has a certificate that the client has registered with one of its keys
 * (RFC 8705 §2.2). Nobody has to have issued it, but it must be valid now.
 */
@Injectable()
export class SelfSignedTlsClientAuth implements AuthenticationMethod {
  readonly name = 'self_signed_tls_client_auth';
  readonly isImplicit = true;

  constructor(private readonly certificates: ClientCertificates) {}

  read(request: RequestWithCredentials, parameters: Parameters): PresentedCredentials | undefined {
    const named = namedClientWithCertificate(request, parameters);
    return named && { ...named, proves: (client) => client !== null && this.proves(client, named.presented) };
  }

  private async proves(client: Client, { certificate }: ClientCertificate): Promise<boolean> {
    try {
      if (await this.certificates.has(client, certificate)) return true;
    } catch (cause) {
      if (!(cause instanceof OutboundError)) throw cause;
      throw new ClientCertificateError(`the jwks_uri of the client cannot be read: ${cause.message}`, { cause });
    }
    throw new ClientCertificateError('the client has not registered the certificate with its keys');
  }
}
