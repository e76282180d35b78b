import { Injectable } from '@nestjs/common';
import {
  accessDenied,
  authorizationPending,
  expiredToken,
  GRANT_TYPE,
  invalidGrant,
  slowDown,
} from '@trefoil/oauth-protocol';
import type { Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import { TokenStatus } from '../issued-tokens/token-status.js';
import type { GrantType, TokenRequest, TokenResponse } from '../token/issuance/grant-type.js';
import { selectAudience } from '../token/issuance/select-audience.js';
import { UserTokenIssuer } from '../token/issuance/user-token-issuer.js';
import type { DeviceAuthorization } from './device-authorization.entity.js';
import { DeviceAuthorizations, POLL_INTERVAL } from './device-authorizations.js';

/** `urn:ietf:params:oauth:grant-type:device_code`: exchanges a device code for tokens (RFC 8628 §3.4, §3.5). */
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
    const issued = { client, grant, audience, scopes: grant.scopes, confirmation, generation: 0 };
    const response = await this.tokens.issue(issued);
    // Redemption comes last, so that a request that cannot be answered does not use up its device code.
    if (!(await this.devices.redeem(device.id))) throw invalidGrant('the device code was redeemed before');
    await this.tokens.bindRefreshTokens(issued);
    return response;
  }

  /** Returns the grant that the user gave to a device; throws the error of RFC 8628 §3.5 when there is none. */
  private async findGrant({ id, deniedAt, redeemedAt, expiresAt, grantId }: DeviceAuthorization): Promise<Grant> {
    if (deniedAt) throw accessDenied('the user denied the request', { status: 400 });
    if (redeemedAt) throw invalidGrant('the device code was redeemed before');
    if (expiresAt <= new Date()) throw expiredToken('the device code has expired');
    if (grantId === null) {
      const description = 'the user has not decided yet';
      if (await this.devices.polledTooEarly(id)) {
        throw slowDown(`${description}: wait ${POLL_INTERVAL} seconds longer between two polls`);
      }
      throw authorizationPending(description);
    }
    const state = await this.grants.findState(grantId);
    if (!state || !(await this.status.isGrantLive(state))) throw invalidGrant('the grant of the user has ended');
    return state.grant;
  }
}
