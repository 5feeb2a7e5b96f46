/** Mutation of the toolkit itself, run by hand: `npm run mutation`. CONTRIBUTING.md says what it measures and what it left. */
import Module from 'node:module';

// The runner asks for parts of mocha by names without an extension, which mocha 12 has changed to `.cjs`.
Module._extensions['.cjs'] ??= Module._extensions['.js'];

export default {
  mutate: ['contracts/judge.ts', 'generators/*.ts', 'suites/kit/*.ts', '!**/*.spec.ts', '!**/*.spec-help.ts'],
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--import=tsx', `--import=${import.meta.url}`],
  plugins: ['@stryker-mutator/mocha-runner'],
  mochaOptions: {
    spec: ['contracts/*.spec.ts', 'generators/*.spec.ts', 'suites/kit/*.spec.ts'],
    'no-config': true,
  },
  coverageAnalysis: 'perTest',
  // Tables at the top of a file cannot be switched within a process: each of their mutants would take a process and all specs.
  ignoreStatic: true,
  disableTypeChecks: true,
  concurrency: 2,
  timeoutMS: 3000,
  tempDirName: 'coverage/mutation/sandbox',
  reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'coverage/mutation/report.json' },
  htmlReporter: { fileName: 'coverage/mutation/report.html' },
  thresholds: { high: 95, low: 85, break: 85 },
};
