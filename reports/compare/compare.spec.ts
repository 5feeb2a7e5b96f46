import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { fixtureRun } from '../fixture.js';
import { GOLDENS } from '../golden.js';
import { renderComparisonHtml } from '../html/compare.js';
import { fixtureComparison, fixtureTurns } from './fixture.js';
import { renderComparisonJson, renderComparisonSchema } from './json.js';

const run = (exitCode: number) => ({ name: 'a', run: fixtureRun({ exitCode }), hasHtml: false });

describe('several targets beside each other', () => {
  const { matrix, targets } = fixtureComparison();
  const row = (ruleId: string) => matrix.find((rule) => rule.ruleId === ruleId);

  it('have a row for each rule, and a cell for each target in its turn', () => {
    expect(matrix.length).to.equal(fixtureRun().findings.length);
    for (const { cells, ruleId } of matrix) expect(cells.length, ruleId).to.equal(targets.length);
    expect(row('first_name/charset')?.cells.map((cell) => cell?.verdict)).to.deep.equal(['fail', 'pass', 'blocked']);
  });

  it('differ in verdicts and in readings of the same case, and not by what could not be checked', () => {
    expect(matrix.filter(({ differs }) => differs).map(({ ruleId }) => ruleId)).to.deep.equal(['mobile_number/plus', 'first_name/charset']);
    expect(row('mobile_number/plus')?.differingCases).to.deep.equal(['plus and 9 digits']);
    expect(row('object_reference_id/length')?.differs).to.equal(false);
  });

  it('come to the worst of their exit codes', () => {
    const exit = (...codes: number[]): number => fixtureComparison(codes.map(run)).exitCode;
    expect([exit(0, 0), exit(0, 2), exit(2, 1, 0), exit(1, 130), exit(1, 70, 130)]).to.deep.equal([0, 2, 1, 130, 70]);
    expect(fixtureComparison([run(0), { name: 'b', hasHtml: false }]).exitCode).to.equal(130);
  });

  it('are told of where some did not come to their turn', () => {
    const comparison = fixtureComparison([...fixtureTurns().slice(0, 1), { name: 'late', hasHtml: false }]);
    expect(comparison.targets[1]).to.deep.equal({ name: 'late', hasHtml: false, status: 'not run' });
    expect(comparison.matrix.every(({ cells: [, late], differs }) => late === null && !differs)).to.equal(true);
    expect(renderComparisonHtml(comparison)).to.include('not run');
  });
});

describe('the files of a comparison', () => {
  it('are the golden ones', () => {
    for (const name of ['compare.txt', 'compare.md', 'compare.json'])
      expect(GOLDENS[name]?.(), name).to.equal(readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8'));
  });

  it('keep to the published schema', () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const schema = readFileSync(new URL('../compare.schema.json', import.meta.url), 'utf8');
    expect(schema).to.equal(renderComparisonSchema());
    expect(ajv.validate(JSON.parse(schema) as object, JSON.parse(renderComparisonJson(fixtureComparison()))), JSON.stringify(ajv.errors)).to.equal(true);
  });

  it('lead from each cell to the rule in the report of its target, where that is there', () => {
    const html = renderComparisonHtml(fixtureComparison());
    expect(html).to.include('href="candidate/report.html#rule-first_name/charset"').and.include('href="sandbox/report.html#rule-first_name/charset"');
    expect(html).to.not.include('gone/report.html');
    expect(html).to.match(/<tr id="rule-first_name\/charset" class="differs">/);
    expect(html).to.include('1 case is read differently');
  });
});
