import { expect } from 'chai';
import fc from 'fast-check';
import { countVerdicts, FindingSchema, RunSchema, VERDICTS, VerdictSchema, type Verdict } from './finding.js';

/** Every object schema inside, with the path to it. */
function* objects(schema: unknown, path: string): Generator<{ readonly path: string; readonly schema: Readonly<Record<string, unknown>> }> {
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) {
    for (const [index, each] of schema.entries()) yield* objects(each, `${path}[${String(index)}]`);
    return;
  }
  const members = schema as Readonly<Record<string, unknown>>;
  if (members['type'] === 'object') yield { path, schema: members };
  for (const [name, each] of Object.entries(members)) yield* objects(each, `${path}/${name}`);
}

describe('finding: counts', () => {
  it('every verdict is counted, also one that nothing has', () => {
    expect(countVerdicts([])).to.deep.equal({ pass: 0, fail: 0, warn: 0, observed: 0, flaky: 0, blocked: 0, skipped: 0 });
    expect(countVerdicts([{ verdict: 'pass' }, { verdict: 'fail' }, { verdict: 'pass' }])).to.include({ pass: 2, fail: 1, warn: 0 });
  });

  it('counts add up to the number of findings, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VERDICTS)), (verdicts) => {
        const counts = countVerdicts(verdicts.map((verdict) => ({ verdict })));
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).to.equal(verdicts.length);
        expect(Object.keys(counts)).to.deep.equal([...VERDICTS]);
      }),
    );
  });
});

describe('finding: the schema of the report', () => {
  it('knows the verdicts, and no others', () => {
    const schema: { readonly enum?: readonly Verdict[] } = VerdictSchema;
    expect(schema.enum).to.deep.equal([...VERDICTS]);
  });

  it('leaves no object open to members that it does not name', () => {
    const found = [...objects(RunSchema, 'run')];
    expect(found).to.have.length.above(10);
    for (const { path, schema } of found) {
      // Readings by case are named by the target's answers.
      const closed = schema['additionalProperties'] === false || schema['patternProperties'] !== undefined;
      expect(closed, `${path} takes members that it does not name: ${JSON.stringify(schema).slice(0, 100)}`).to.equal(true);
    }
  });

  it('asks of every finding what it is about, how it ended, why and after how many requests', () => {
    expect(FindingSchema.required).to.include.members(['ruleId', 'level', 'verdict', 'title', 'citation', 'reason', 'requests', 'judged', 'durationMs']);
  });

  it('asks of every run for its version, target, seed, times, status, counts, requests and created ids', () => {
    expect(RunSchema.required).to.include.members([
      'schemaVersion',
      'tool',
      'target',
      'seed',
      'started',
      'ended',
      'status',
      'exitCode',
      'counts',
      'requestsSent',
      'idsCreated',
      'findings',
    ]);
  });
});
