// @ts-check
import { unlockedIn } from './prepare.mjs';

const locked = {
  'apps/provider': { dependencies: { pg: '8.23.1', zod: '4.6.7' } },
  'apps/backend': { devDependencies: { jest: '30.5.2' } },
};

describe('unlockedIn', () => {
  it('finds no workspace when package-lock.json has the dependencies of all, in any order', () => {
    /** @type {Record<string, object>} */
    const manifests = {
      'apps/provider': { name: 'provider', dependencies: { zod: '4.6.7', pg: '8.23.1' } },
      'apps/backend': { devDependencies: { jest: '30.5.2' }, dependencies: {} },
    };
    expect(unlockedIn(['apps/provider', 'apps/backend'], locked, (folder) => manifests[folder])).toEqual([]);
    expect(unlockedIn(['apps/empty-folder'], locked, () => undefined)).toEqual([]);
  });

  it('finds a workspace that package-lock.json lacks, and one with another dependency', () => {
    const manifests = { 'apps/invoices': {}, 'apps/provider': { dependencies: { pg: '8.23.1', zod: '4.6.8' } } };
    const read = (/** @type {string} */ folder) => /** @type {Record<string, object>} */ (manifests)[folder];
    expect(unlockedIn(['apps/invoices', 'apps/provider'], locked, read)).toEqual(['apps/invoices', 'apps/provider']);
  });
});
