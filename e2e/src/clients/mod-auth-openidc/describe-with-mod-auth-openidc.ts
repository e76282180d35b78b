import { Apache, type ApacheRequest } from './apache.js';
import { findApache } from './find-apache.js';

/** Starts an Apache that ends after the test. */
export type StartApache = (options: ApacheRequest) => Promise<Apache>;

/** Describes tests that need Apache with mod_auth_openidc. Without it they are skipped, and their name says why. */
export function describeWithModAuthOpenidc(name: string, tests: (startApache: StartApache) => void): void {
  const installation = findApache();
  if (installation === undefined) {
    describe.skip(`${name} (no mod_auth_openidc: install libapache2-mod-auth-openidc)`, () => tests(unavailable));
    return;
  }
  describe(name, () => {
    const running: Apache[] = [];
    afterEach(() => Promise.all(running.splice(0).map((apache) => apache.stop())));
    tests(async (options) => {
      const apache = await Apache.start(installation, options);
      running.push(apache);
      return apache;
    });
  });
}

function unavailable(): Promise<Apache> {
  return Promise.reject(new Error('mod_auth_openidc was not found. Install libapache2-mod-auth-openidc.'));
}
