/** Mocha's spec reporter, which also appends its counts to the file that MOCHA_COUNTS names, and what failed to `<that file>.failed`. */
'use strict';
const { appendFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** How much of an error is said again at the end, in characters. */
const KEPT = 2000;

module.exports = class SpecAndCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_COUNTS;
    // Every end of a run has its line: a file without one says that Mocha did not get that far.
    if (!file) return;
    runner.once('end', () => appendFileSync(file, `${this.stats.passes} ${this.stats.failures}\n`));
    runner.on('fail', (test, error) => appendFileSync(`${file}.failed`, `${test.fullTitle()}\n    ${String(error?.stack ?? error).slice(0, KEPT)}\n`));
  }
};
