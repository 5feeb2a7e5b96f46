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

/** Trials of the self-test that every check, shape of answer and kind of step is in: all of them would take hours. */
const TRIALS = [
  'object_reference_id/length',
  'first_name/length',
  'email_address/local-edges',
  'mobile_number/required',
  'object_reference_id/required',
  'first_name/optional',
  'names/optional-together',
  'mobile_country_code/values',
  'options.get_client_auth_token/true',
  'content-type/form',
  'credentials/form',
  'credentials/key',
  'credentials/every-request',
  'response/echo-first_name',
  'token/value',
  'token/unique',
  'token/iff-asked',
  'response/date_created',
  'privacy/key',
  'error/shape',
  'error/names-field',
  'encoding/plus-is-blank',
  'encoding/percent-once',
  'encoding/second-equals',
  'encoding/utf-8',
  'encoding/repeated-echo',
  'robustness/bodies',
  'robustness/headers',
  'object_reference_id/unique',
  'sequence/race',
  'sequence/refused-stores-nothing',
  'customers/read-credential',
  'sequence/duplicate-shows-nothing',
  'customers/read-second-merchant',
  'mobile_number/plus',
  'response/date-format',
  'sequence/own-request',
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
      'generators/{catalogue,shrinking,wire,odd,sequences,request,index}.spec.ts',
      'suites/kit/{plan,draft,readings,observation,findings,exit-code,rule-glob,credentials,ledger,curl,redact,session,transport,pacing}.spec.ts',
      'suites/selftest/narrow.spec.ts',
      'suites/kit/run.blocked.spec.ts',
    ],
    grep: `^(?!self-test: )|^self-test: one rule at a time (?:${TRIALS.join('|')}) finds `,
    'no-config': true,
  },
  coverageAnalysis: 'perTest',
  // Tables at the top of a file cannot be switched within a process: each of their mutants would take a process and all specs.
  ignoreStatic: true,
  disableTypeChecks: true,
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
