import { Apache, type ApacheRequest } from './apache.js';
import { findApache } from './find-apache.js';

/** Starts an Apache that ends with the test. */
export type StartApache = (options: ApacheRequest) => Promise<Apache>;

/** Describes tests that need Apache with mod_auth_openidc; they are skipped, and say so, where it is not installed. */
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
  return Promise.reject(new Error('There is no mod_auth_openidc'));
}
