import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
/** @param {string} name */
const setup = (name) => `${root}tools/jest/${name}`;

/** What the three tiers share: TypeScript through swc, native ES modules, the packages' sources instead of their dist. */
const base = {
  rootDir: root,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@trefoil/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  // js before ts: a dependency may ship its sources beside what it built from them.
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
      // Jest runs these only when a test of this tier was selected.
      globalSetup: setup('start-postgres.mjs'),
      globalTeardown: setup('stop-postgres.mjs'),
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/e2e/src/**/*.{e2e,browser}.spec.ts'],
      globalSetup: setup('start-stack.mjs'),
      globalTeardown: setup('stop-stack.mjs'),
    },
  ],
  // Babel would instrument what swc made of decorators and types; V8 counts what ran.
  coverageProvider: 'v8',
  coverageDirectory: '<rootDir>/coverage',
  coverageReporters: ['json-summary', 'html', 'lcovonly'],
  reporters: ['default', setup('result-file-reporter.mjs')],
  testTimeout: 30_000,
  // Most of the time a test waits: for a database, a browser, another process.
  maxWorkers: '100%',
  // What native ES modules leave behind in a worker is only freed with it.
  workerIdleMemoryLimit: '1GB',
  // Nx asks every project, also one that has no tests yet.
  passWithNoTests: process.env.NX_TASK_TARGET_PROJECT !== undefined,
};
