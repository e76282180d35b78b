import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { RequestWithCredentials } from '../../http/http-message.js';
import { hasSubjectOf } from '../keys/certificate-subject.js';
import {
  type AuthenticationMethod,
  ClientCertificateError,
  type PresentedCredentials,
} from './authentication-method.js';
import { namedClientWithCertificate } from './named-client.js';

/**
 * Reads `tls_client_auth`: the connection has a certificate that a configured authority has issued, with the subject that the
 * client has registered (RFC 8705 §2.1). The `client_id` says which client it is (§2).
 */
@Injectable()
export class TlsClientAuth implements AuthenticationMethod {
  readonly name = 'tls_client_auth';
  readonly isImplicit = true;

  read(request: RequestWithCredentials, parameters: Parameters): PresentedCredentials | undefined {
    const named = namedClientWithCertificate(request, parameters);
    if (!named) return undefined;
    const { clientId, presented } = named;
    return {
      clientId,
      proves: (client) => {
        if (client === null) return false;
        if (!presented.isTrusted)
          throw new ClientCertificateError('no configured authority has issued the certificate');
        if (hasSubjectOf(client, presented.certificate)) return true;
        throw new ClientCertificateError('the certificate has another subject than the client has registered');
      },
    };
  }
}
