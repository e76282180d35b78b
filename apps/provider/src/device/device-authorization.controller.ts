import { Body, Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { GRANT_TYPE, unauthorizedClient } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';
import { ClientAuthentication } from '../clients/authentication/client-authentication.js';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from '../config.js';
import { ProviderAdmission } from '../database/provider-admission.js';
import { DeviceAuthorizations, POLL_INTERVAL } from './device-authorizations.js';
import { formatUserCode } from './user-code.js';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { checkResource } from '../authorization/request/checks/check-resource.js';
import { checkScope } from '../authorization/request/checks/check-scope.js';
import { readFormParameters } from '../http/read-form-parameters.js';

/** The device authorization response (RFC 8628 §3.2). */
export interface DeviceAuthorizationResponse {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  /** The lifetime of the codes, in seconds. */
  readonly expires_in: number;
  /** The seconds to wait between two polls. */
  readonly interval: number;
}

/** `POST /device_authorization`: issues a device code and a user code to a device without a browser (RFC 8628 §3.1). */
@Controller()
export class DeviceAuthorizationController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly resourceServers: ResourceServers,
    private readonly devices: DeviceAuthorizations,
    private readonly admission: ProviderAdmission,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'DEVICE_CODE_LIFETIME'>,
  ) {}

  @Post('device_authorization')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async authorize(@Req() request: FastifyRequest, @Body() body: unknown): Promise<DeviceAuthorizationResponse> {
    const parameters = readFormParameters(request, body);
    parameters.refuseRepeated('resource');
    const client = await this.clientAuthentication.authenticate(request, parameters);
    if (!client.grantTypes.includes(GRANT_TYPE.deviceCode)) {
      throw unauthorizedClient('the client is not registered for the device authorization grant');
    }
    const resourceServers = await this.resourceServers.all();
    const requested = { parameters, client, resourceServers, accountApi: accountApiIdentifier(this.config) };
    const { scopes } = checkScope(requested);
    const { resources } = checkResource(requested, { scopes });
    // Public clients do not authenticate, so anybody can request codes in their name.
    if (client.tokenEndpointAuthMethod === 'none') {
      await this.admission.admit('device-authorization', networkOf(request.ip));
    }
    const lifetime = this.config.DEVICE_CODE_LIFETIME;
    const { deviceCode, userCode } = await this.devices.create(
      { clientId: client.clientId, scopes: [...scopes], resources: [...resources] },
      lifetime,
    );
    const verificationUri = `${this.config.ISSUER}/device`;
    return {
      device_code: deviceCode,
      user_code: formatUserCode(userCode),
      verification_uri: verificationUri,
      verification_uri_complete: `${verificationUri}?user_code=${formatUserCode(userCode)}`,
      expires_in: lifetime,
      interval: POLL_INTERVAL,
    };
  }
}
