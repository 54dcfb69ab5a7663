// What the linter demands: that promises are awaited, that `any` does not leak in, that nothing lies about
// unused, that a union is handled whole. It holds no opinion on style: Prettier decides that alone.
// Import arrows and house rules are not here but in test/tidy.test.ts.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const typeChecked = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'error',
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { args: 'after-used', argsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
  ],
  // A port's method is async by its contract even where this implementation has nothing to await.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // It also reports assertions that are there for the reader, and some that the compiler needs.
  '@typescript-eslint/no-unnecessary-type-assertion': 'off',
  // Fastify and others hand methods around on purpose; TypeScript checks their `this`.
  '@typescript-eslint/unbound-method': 'off',
};

const always = {
  'no-console': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
};

export default defineConfig([
  globalIgnores(['dist/', 'coverage/', 'node_modules/', 'test/fixtures/', '.sortie-workspaces/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { rules: always },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: typeChecked,
  },
  {
    // The page's script is a browser's: it has its own tsconfig, which the project service does not look for.
    files: ['src/dashboard/**/*.ts', 'src/dashboard/**/*.tsx'],
    languageOptions: {
      parserOptions: {
        projectService: false,
        project: './tsconfig.dashboard.json',
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    // An answer parsed from JSON may be looked into: a wrong guess gives undefined, and the assertion fails.
    // The conformance suite is published, so it is held to the rules of the product.
    files: ['test/**/*.ts'],
    ignores: ['test/conformance/**'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    // Runs in the browser as it stands, before the page's first paint.
    files: ['src/dashboard/public/*.js'],
    languageOptions: { globals: { document: 'readonly', localStorage: 'readonly' } },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        clearTimeout: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        structuredClone: 'readonly',
      },
    },
  },
  {
    // Programs that speak to a person on a terminal. Everything else logs through telemetry.
    files: ['src/cli/**', 'scripts/**', 'bench/**', 'examples/**', 'test/reporter/**'],
    rules: { 'no-console': 'off' },
  },
]);
