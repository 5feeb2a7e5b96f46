/** Mutation of the toolkit itself, run by hand: `npm run mutation`. CONTRIBUTING.md says what it measures and what it left. */
import Module from 'node:module';

// The runner asks for parts of mocha by names without an extension, which mocha 12 has changed to `.cjs`.
Module._extensions['.cjs'] ??= Module._extensions['.js'];

/**
 * A text of three words or more is a sentence for people: what it says is looked at when it is read, and a spec that pins
 * every word would only say it twice. Ids, paths, headers, field names, verdicts and readings have fewer words.
 */
const prose = {
  shouldIgnore: (path) => (path.isStringLiteral() && path.node.value.trim().split(/\s+/).length >= 3 ? 'a sentence for people' : undefined),
};
export const strykerPlugins = [{ kind: 'Ignore', name: 'prose', value: prose }];

/** Specs of the kit that need no run; the plainest first. */
const KIT = [
  'plan',
  'draft',
  'readings',
  'observation',
  'findings',
  'baseline',
  'exit-code',
  'rule-glob',
  'credentials',
  'ledger',
  'curl',
  'redact',
  'session',
  'transport',
  'pacing',
];

export default {
  mutate: ['contracts/judge.ts', 'generators/*.ts', 'suites/kit/*.ts', '!**/*.spec.ts', '!**/*.spec-help.ts', '!generators/catalogue.ts'],
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--import=tsx', `--import=${import.meta.url}`],
  plugins: ['@stryker-mutator/mocha-runner', './.stryker.config.mjs'],
  ignorers: ['prose'],
  mochaOptions: {
    // In this order: the first failure ends the run of a mutant, so what is quick comes first. Runs that a `before` starts are
    // left out, since nothing tells which test they belong to.
    spec: [
      'contracts/judge.spec.ts',
      'contracts/judge.credentials.spec.ts',
      ...['catalogue', 'shrinking', 'wire', 'odd', 'sequences', 'request', 'index'].map((name) => `generators/${name}.spec.ts`),
      ...KIT.map((name) => `suites/kit/${name}.spec.ts`),
      'suites/selftest/said.spec.ts',
      'suites/kit/checks.spec.ts',
      'suites/kit/run.blocked.spec.ts',
    ],
    'no-config': true,
  },
  coverageAnalysis: 'perTest',
  // Tables at the top of a file cannot be switched within a process: each of their mutants would take a process and all specs.
  ignoreStatic: true,
  disableTypeChecks: '{contracts,generators,suites}/**/*.ts',
  concurrency: 2,
  timeoutMS: 3000,
  ignorePatterns: ['coverage', 'dist', 'conformance-report'],
  tempDirName: 'coverage/mutation/sandbox',
  reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'coverage/mutation/report.json' },
  htmlReporter: { fileName: 'coverage/mutation/report.html' },
  thresholds: { high: 95, low: 85, break: 85 },
};
