import { newBrowser, answerPages, issuer, REDIRECT_URI, SuiteClient } from './suite-client.js';

const response_mode = 'form_post';
let client: SuiteClient;

beforeAll(async () => {
  client = await SuiteClient.register();
});

/** What `oidcc-formpost-basic-certification-test-plan` looks at beyond the modules of Basic OP. */
describe('the plan Form Post OP', () => {
  it('oidcc-server: the response is posted, and redeemed', async () => {
    const page = await answerPages(await newBrowser().open(client.authorizationUrl({ response_mode, state: 'x' })));
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const { method, url, body } = page.form('#continue').submission();
    expect([method, url.href]).toEqual(['POST', REDIRECT_URI]);
    const response = new URLSearchParams(body);
    expect(Object.fromEntries(response)).toEqual({ code: expect.any(String), state: 'x', iss: issuer() });
    expect((await client.redeem(response)).status).toBe(200);
  });

  it('oidcc-prompt-none-not-logged-in: the error is posted', async () => {
    const page = await newBrowser().open(client.authorizationUrl({ response_mode, prompt: 'none' }));
    expect(new URLSearchParams(page.form('#continue').submission().body).get('error')).toBe('login_required');
  });

  it('oidcc-response-type-missing: the error is posted', async () => {
    const page = await newBrowser().open(client.authorizationUrl({ response_mode, response_type: undefined }));
    expect(new URLSearchParams(page.form('#continue').submission().body).get('error')).toBe('invalid_request');
  });

  it('oidcc-ensure-registered-redirect-uri: nothing is posted to an address that is not registered', async () => {
    const redirect_uri = 'https://rp.example/other';
    const page = await newBrowser().open(client.authorizationUrl({ response_mode, redirect_uri }));
    expect([page.status, page.has('#continue')]).toEqual([400, false]);
  });
});
