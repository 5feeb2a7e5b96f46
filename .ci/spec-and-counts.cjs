/** Mocha's spec reporter, which also appends its counts to the file that MOCHA_COUNTS names. */
'use strict';
const { appendFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class SpecAndCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_COUNTS;
    // Every end of a run has its line: a file without one says that Mocha did not get that far.
    if (file) runner.once('end', () => appendFileSync(file, `${this.stats.passes} ${this.stats.failures}\n`));
  }
};
