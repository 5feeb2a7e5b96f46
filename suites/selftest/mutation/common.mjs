/** What both halves of `npm run mutation` have in common. The README beside this file says what it measures and what it left. */
import Module from 'node:module';
import { fileURLToPath } from 'node:url';

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

const OUT = 'coverage/mutation';

/**
 * @param name of the half
 * @param mutate files that are changed in one place at a time
 * @param spec what runs against each change, in this order: the first failure ends the run of a mutant, so what is quick comes first
 */
export function half(name, mutate, spec) {
  return {
    mutate: [...mutate, '!**/*.spec.ts', '!**/*.spec-help.ts'],
    testRunner: 'mocha',
    testRunnerNodeArgs: ['--import=tsx', `--import=${import.meta.url}`],
    plugins: ['@stryker-mutator/mocha-runner', fileURLToPath(import.meta.url)],
    ignorers: ['prose'],
    mochaOptions: { spec, 'no-config': true },
    coverageAnalysis: 'perTest',
    // Tables at the top of a file cannot be switched within a process: each of their mutants would take a process and all specs.
    ignoreStatic: true,
    disableTypeChecks: '{contracts,generators,suites}/**/*.ts',
    // The runs of specs wait for sockets and timers half of their time: more of them than there are cores.
    concurrency: 4,
    timeoutMS: 3000,
    // A change of the code or of a spec has only that measured anew.
    incremental: true,
    incrementalFile: `${OUT}/${name}.incremental.json`,
    ignorePatterns: ['coverage', 'dist', 'conformance-report'],
    tempDirName: `${OUT}/sandbox`,
    reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
    clearTextReporter: { allowColor: false, reportTests: false },
    jsonReporter: { fileName: `${OUT}/${name}.json` },
    htmlReporter: { fileName: `${OUT}/${name}.html` },
    thresholds: { high: 95, low: 85, break: 85 },
  };
}
