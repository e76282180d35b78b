import { Injectable } from '@nestjs/common';
import {
  accessDenied,
  authorizationPending,
  expiredToken,
  GRANT_TYPE,
  invalidGrant,
  slowDown,
} from '@trefoil/oauth-protocol';
import { TokenStatus } from '../issued-tokens/token-status.js';
import type { DeviceAuthorization } from './device-authorization.entity.js';
import { DeviceAuthorizations } from './device-authorizations.js';
import type { Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import type { GrantType, TokenRequest, TokenResponse } from '../token/issuance/grant-type.js';
import { selectAudience } from '../token/issuance/select-audience.js';
import { UserTokenIssuer } from '../token/issuance/user-token-issuer.js';

/** `urn:ietf:params:oauth:grant-type:device_code`: tokens for a device whose person allowed it (RFC 8628 §3.4, §3.5). */
@Injectable()
export class DeviceCodeGrant implements GrantType {
  readonly name = GRANT_TYPE.deviceCode;

  constructor(
    private readonly devices: DeviceAuthorizations,
    private readonly grants: Grants,
    private readonly status: TokenStatus,
    private readonly tokens: UserTokenIssuer,
  ) {}

  async handle({ client, parameters, confirmation }: TokenRequest): Promise<TokenResponse> {
    const device = await this.devices.findByDeviceCode(parameters.require('device_code'));
    if (device?.clientId !== client.clientId) {
      throw invalidGrant('the device code is unknown or was issued to another client');
    }
    const grant = await this.findGrant(device);
    const audience = selectAudience(parameters, grant.resources);
    if (!(await this.devices.redeem(device.id))) throw invalidGrant('the device code was redeemed before');
    const { scopes } = grant;
    return this.tokens.issue({ client, grant, audience, scopes, confirmation, generation: 0 });
  }

  /** What the person allowed; says why there is nothing yet, or never will be. */
  private async findGrant({ id, deniedAt, redeemedAt, expiresAt, grantId }: DeviceAuthorization): Promise<Grant> {
    if (deniedAt) throw accessDenied('the person said no', { status: 400 });
    if (redeemedAt) throw invalidGrant('the device code was redeemed before');
    if (expiresAt <= new Date()) throw expiredToken('the device code has expired');
    if (grantId === null) {
      const description = 'the person has not answered yet';
      if (await this.devices.polledTooEarly(id))
        throw slowDown(`${description}: wait 5 seconds more between two polls`);
      throw authorizationPending(description);
    }
    const grant = await this.grants.find(grantId);
    if (!grant || !(await this.status.isGrantLive(grant))) throw invalidGrant('what the person allowed has ended');
    return grant;
  }
}
