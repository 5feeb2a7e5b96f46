/** Lint rules, the directions of imports among them: bin → reports → contracts ← generators ← suites ← bin. */
import eslint from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Forbids imports whose path matches, with what to say. */
const forbid = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

/** A relative path that leads out of its folder into one of these. */
const into = (...folders) => `^(?:\\.\\./)+(?:${folders.join('|')})(?:/|$)`;

/** What browsers have and Node has not: the types of JSX bring them in everywhere. */
const BROWSER_ONLY = Object.keys(globals.browser).filter((name) => !(name in globals.node));

const DIRECTIONS = [
  {
    files: ['contracts/**'],
    rules: forbid({ regex: into('generators', 'suites', 'reports', 'bin'), message: 'contracts import nothing of the other folders.' }),
  },
  {
    files: ['contracts/rules/**'],
    ignores: ['**/*.spec.ts'],
    rules: forbid(
      { regex: '^\\.\\./(?!model\\.js$)', message: 'Rules import the model only: whatever else they need is not data.' },
      { regex: '^[^.]', message: 'Rules import the model only: whatever else they need is not data.' },
    ),
  },
  {
    files: ['contracts/reference/**'],
    ignores: ['**/*.spec.ts'],
    rules: forbid(
      {
        regex: '^(?:\\.\\./)+(?:rules/|judge|generators/)',
        allowTypeImports: true,
        message: 'The reference shares no value with the rules, the judge or the generators: a wrong reading must not agree with itself.',
      },
      { regex: into('suites', 'reports', 'bin'), message: 'contracts import nothing of the other folders.' },
    ),
  },
  {
    files: ['generators/**'],
    rules: forbid({ regex: into('suites', 'reports', 'bin'), message: 'generators import contracts only.' }),
  },
  {
    files: ['suites/**'],
    rules: forbid({ regex: into('reports', 'bin'), message: 'suites import contracts and generators only: a finding carries the result to the reports.' }),
  },
  {
    files: ['reports/**'],
    rules: forbid({ regex: into('generators', 'suites', 'bin'), message: 'reports import contracts only: a finding carries the result to them.' }),
  },
];

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'conformance-report/', 'coverage/'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.mjs', '*.cjs'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      // Objects of functions are no classes: their methods have no `this`.
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-readonly': 'error',
      'no-restricted-globals': ['error', ...BROWSER_ONLY],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.suite.ts'],
    languageOptions: { globals: globals.mocha },
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'MemberExpression[object.name=/^(describe|it)$/][property.name=/^(only|skip)$/]', message: 'A test that is left out proves nothing.' },
      ],
    },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  // What is handed to a browser to be run there.
  { files: ['reports/**/browser.spec.ts'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['reports/html/assets/**'], languageOptions: { globals: globals.browser }, rules: { 'no-restricted-globals': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  ...DIRECTIONS,
);
