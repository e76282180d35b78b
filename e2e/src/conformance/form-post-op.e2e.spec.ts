import { signInAndConsent } from '@trefoil/testing';
import { issuer, newBrowser, REDIRECT_URI, SuiteClient } from './suite-client.js';

const response_mode = 'form_post';
let client: SuiteClient;

beforeAll(async () => {
  client = await SuiteClient.register();
});

/** The modules of `oidcc-formpost-basic-certification-test-plan` that differ from Basic OP. */
describe('the plan Form Post OP', () => {
  it('oidcc-server: posts the response, and accepts its code', async () => {
    const page = await signInAndConsent(
      await newBrowser().open(client.authorizationUrl({ response_mode, state: 'x' })),
    );
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const { method, url, body } = page.form('#continue').submission();
    expect([method, url.href]).toEqual(['POST', REDIRECT_URI]);
    const response = new URLSearchParams(body);
    expect(Object.fromEntries(response)).toEqual({ code: expect.any(String), state: 'x', iss: issuer() });
    expect((await client.redeem(response)).status).toBe(200);
  });

  it('oidcc-prompt-none-not-logged-in: posts the error', async () => {
    const page = await newBrowser().open(client.authorizationUrl({ response_mode, prompt: 'none' }));
    expect(new URLSearchParams(page.form('#continue').submission().body).get('error')).toBe('login_required');
  });

  it('oidcc-response-type-missing: posts the error', async () => {
    const page = await newBrowser().open(client.authorizationUrl({ response_mode, response_type: undefined }));
    expect(new URLSearchParams(page.form('#continue').submission().body).get('error')).toBe('invalid_request');
  });

  it('oidcc-ensure-registered-redirect-uri: posts nothing to an unregistered redirect URI', async () => {
    const redirect_uri = 'https://rp.example/other';
    const page = await newBrowser().open(client.authorizationUrl({ response_mode, redirect_uri }));
    expect([page.status, page.has('#continue')]).toEqual([400, false]);
  });
});
