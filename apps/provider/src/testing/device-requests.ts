import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { type Browser, demoUsers, type Page } from '@trefoil/testing';
import type { ProviderUnderTest } from './provider-under-test.js';
import { post, type ProtocolAnswer } from './token-requests.js';

/** The scope that the command line tool of the demo requests. */
const SCOPE = 'openid email account:read';

/** The successful device authorization response. */
export interface GivenDevice {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

/** Requests a device authorization, by default for the command line tool of the demo. */
export const requestDevice = (
  provider: ProviderUnderTest,
  parameters: Record<string, string> = {},
  authorization?: string,
): Promise<ProtocolAnswer> =>
  post(
    provider,
    '/device_authorization',
    { ...(authorization === undefined && { client_id: 'demo-cli' }), scope: SCOPE, ...parameters },
    authorization,
  );

/** Creates a pending device authorization of the command line tool of the demo. */
export async function givenDevice(
  provider: ProviderUnderTest,
  parameters: Record<string, string> = {},
): Promise<GivenDevice> {
  const { body } = await requestDevice(provider, parameters);
  return body as unknown as GivenDevice;
}

/** Polls the token endpoint for a device. */
export const pollDevice = (
  provider: ProviderUnderTest,
  { device_code }: Pick<GivenDevice, 'device_code'>,
  parameters: Record<string, string> = {},
): Promise<ProtocolAnswer> =>
  post(provider, '/token', { grant_type: GRANT_TYPE.deviceCode, device_code, client_id: 'demo-cli', ...parameters });

/** Opens the consent page of a device, and signs alice in first if necessary. */
export async function openDevice(
  browser: Browser,
  { verification_uri_complete }: Pick<GivenDevice, 'verification_uri_complete'>,
): Promise<Page> {
  const page = await browser.open(verification_uri_complete);
  return page.has('#login') ? page.submit('#login', demoUsers.alice) : page;
}
