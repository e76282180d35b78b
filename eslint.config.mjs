import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { boundaries } from './tools/lint/boundaries.mjs';

const root = import.meta.dirname;
const typescript = ['**/*.{ts,tsx}'];
const tests = ['**/*.{spec,contract}.{ts,tsx}', '**/src/testing/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts'];

export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/', '.nx/', '.local/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly'])),
    },
  },
  {
    files: ['**/*.spec.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['describe', 'it', 'expect', 'beforeAll', 'beforeEach', 'afterEach'].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: typescript,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    plugins: { trefoil: { rules: { boundaries: boundaries(root) } } },
    rules: {
      'trefoil/boundaries': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A function that implements an asynchronous interface is async even if it awaits nothing.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `void promise` says that the code does not wait for the promise.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    // Commands print to the terminal.
    files: ['libs/local-stack/src/{main,serve}.ts', 'apps/*/src/{main,migrate,seed}.ts', 'examples/*/src/main.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: tests,
    rules: {
      // Responses of servers and the matchers of Jest are `any`.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
