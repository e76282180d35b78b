import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
/** @param {string} name */
const setup = (name) => `${root}tools/jest/${name}`;

/** The settings of all three tiers: TypeScript through swc, native ES modules, and the sources of packages instead of `dist`. */
const base = {
  rootDir: root,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@trefoil/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  // js before ts, because a dependency may contain its TypeScript sources beside its JavaScript.
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'tsx', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            react: { runtime: 'automatic', importSource: 'preact' },
          },
        },
      },
    ],
  },
  coveragePathIgnorePatterns: ['/node_modules/', '\\.(spec|contract)\\.tsx?$', '/src/testing/', '/libs/testing/'],
  modulePathIgnorePatterns: ['<rootDir>/.local/', '<rootDir>/.nx/', '/dist/'],
};

const medium = '\\.medium\\.spec\\.tsx?$';

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,examples,libs}/*/src/**/*.spec.{ts,tsx}', '<rootDir>/tools/**/*.spec.mjs'],
      testPathIgnorePatterns: ['/node_modules/', medium],
    },
    {
      ...base,
      displayName: 'medium',
      testMatch: ['<rootDir>/{apps,examples,libs}/*/src/**/*.medium.spec.{ts,tsx}'],
      // Jest runs the setup only when a test of this tier is selected.
      globalSetup: setup('start-databases.mjs'),
      globalTeardown: setup('stop-databases.mjs'),
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/e2e/src/**/*.{e2e,browser}.spec.ts'],
      globalSetup: setup('start-stack.mjs'),
      globalTeardown: setup('stop-stack.mjs'),
    },
  ],
  // V8 counts the code that ran. Babel would also count the code that swc generates for decorators.
  coverageProvider: 'v8',
  coverageDirectory: '<rootDir>/coverage',
  coverageReporters: ['json-summary', 'html', 'lcovonly'],
  reporters: ['default', setup('result-file-reporter.mjs')],
  testTimeout: 30_000,
  // Tests mostly wait for a database, a browser or another process, so they do not need a core each.
  maxWorkers: '100%',
  // The memory of native ES modules is freed only when their worker ends.
  workerIdleMemoryLimit: '1GB',
  // Nx also runs the target of projects that have no tests yet.
  passWithNoTests: process.env.NX_TASK_TARGET_PROJECT !== undefined,
};
