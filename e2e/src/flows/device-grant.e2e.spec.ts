import { Browser, demoUsers, stackUrls } from '@trefoil/testing';
import * as openid from 'openid-client';
import { cliClient } from '../clients/demo-clients.js';

const startDevice = async () => {
  const { configuration } = await cliClient();
  const device = await openid.initiateDeviceAuthorization(configuration, { scope: 'openid email account:read' });
  return { configuration, device };
};

describe('openid-client on a device without a browser', () => {
  it('gets tokens after the user has allowed it on another device (RFC 8628 §3)', async () => {
    const { configuration, device } = await startDevice();
    const polling = openid.pollDeviceAuthorizationGrant(configuration, device);
    const form = await new Browser().open(device.verification_uri);
    const login = await form.submit('#continue', { user_code: device.user_code.toLowerCase() });
    const consent = await login.submit('#login', demoUsers.alice);
    expect(consent.text).toContain(device.user_code);
    await consent.submit('#allow');
    const tokens = await polling;
    expect(tokens.claims()).toMatchObject({ iss: stackUrls().provider, aud: 'demo-cli' });

    const account = await fetch(`${stackUrls().provider}/api/account`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await account.json()).toMatchObject({ email: 'alice@example.com' });
    const refreshed = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(refreshed.access_token).not.toBe(tokens.access_token);
  });

  it('gets access_denied when the user denies it (RFC 8628 §3.5)', async () => {
    const { configuration, device } = await startDevice();
    const login = await new Browser().open(device.verification_uri_complete ?? '');
    const consent = await login.submit('#login', demoUsers.bob);
    await consent.submit('#deny');
    await expect(openid.pollDeviceAuthorizationGrant(configuration, device)).rejects.toMatchObject({
      error: 'access_denied',
    });
  });
});
