import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { importLawRule } from './build/eslint-import-law.mjs';
import { layers } from './build/import-law.mjs';

/** `^electron/engine/core/` as the glob eslint wants. */
const pureFiles = layers.filter((layer) => layer.pure).map((layer) => `electron/${layer.name}/**/*.ts`);

const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing is called the same everywhere.' };
const noBarrel = { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that holds it.' };
const extensionNeeded = {
  selector: ':matches(ImportDeclaration, ExportNamedDeclaration, ImportExpression)[source.value=/^\\./]:not([source.value=/\\.(ts|tsx|mjs|cjs|js|json|css)$/])',
  message: 'Relative imports name the file with its extension.',
};
const syntax = [noDefaultExport, noBarrel, extensionNeeded];

const impure = [
  { object: 'Date', property: 'now', message: 'Time comes in as an argument.' },
  { object: 'Math', property: 'random', message: 'Chance comes in as an argument.' },
];
const impureGlobals = ['setTimeout', 'setInterval', 'setImmediate', 'performance', 'process', 'crypto', 'fetch', 'require', 'globalThis'].map(
  (name) => ({ name, message: 'This layer is pure: what it needs comes in as an argument.' }),
);
const newDate = { selector: 'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"]', message: 'Time comes in as an argument.' };

const noRawIpc = {
  name: 'electron',
  importNames: ['ipcMain', 'ipcRenderer'],
  message: 'Channels go through the one table in shared/ipc.',
};

const noSkip = ['it', 'test', 'describe', 'suite'].flatMap((object) =>
  ['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails'].map((property) => ({
    object,
    property,
    message: 'Say what the test needs with itNeeds (test/support/requirement.ts); nothing else may keep a test from running.',
  })),
);

export default defineConfig(
  globalIgnores(['dist/', 'release/', 'coverage/', '.runtime/', '.setup/', 'training/', 'test/fixtures/', 'build/universal-globals.d.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', performance: 'readonly', Buffer: 'readonly', URL: 'readonly', AbortSignal: 'readonly', setInterval: 'readonly', clearInterval: 'readonly' } },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error', eqeqeq: 'error', 'prefer-const': 'error' },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    plugins: { holdfast: { rules: { 'import-law': importLawRule } } },
    rules: {
      'holdfast/import-law': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...syntax],
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [noRawIpc] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `() => void promise` and `() => this.tell()` read well, and the checker still finds a promise that nobody awaits.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    // What stands between the program and the page; nobody else speaks over a raw channel.
    files: ['electron/main/ipc.ts', 'electron/preload/preload.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      // A component is mostly what it shows.
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: pureFiles,
    rules: {
      'no-restricted-properties': ['error', ...impure],
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-syntax': ['error', ...syntax, newDate],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...noSkip],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // The tools that read these want a default export.
    files: ['*.config.ts', '*.config.js'],
    rules: { 'no-restricted-syntax': ['error', noBarrel, extensionNeeded] },
  },
);
