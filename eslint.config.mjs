import js from '@eslint/js'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  // The programs of the proofs are checked where their packages are installed.
  { ignores: ['dist', 'dist.*', 'coverage', 'src/contract/generated.ts', 'test/proof/*/program', '*.mjs'] },
  js.configs.recommended,
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './test/tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The types of handlers and ports require promises, even from an implementation that never waits.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The code spreads strings to count code points.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // The types of Koa declare that a middleware resolves to any.
    files: ['src/http/app.ts', 'src/http/pages.ts'],
    rules: { '@typescript-eslint/no-unsafe-return': 'off' },
  },
  {
    // openapi-backend has no types for the body and the parameters of a request.
    files: ['src/http/backend.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // Tests read the responses of a server without declaring their types.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['scripts/**/*.{mjs,cjs}', 'test/**/*.mjs', 'jest.config.mjs'],
    // Destructuring that removes members from an object leaves them unused.
    rules: { 'no-unused-vars': ['error', { ignoreRestSiblings: true }] },
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        structuredClone: 'readonly',
        URLSearchParams: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
)
