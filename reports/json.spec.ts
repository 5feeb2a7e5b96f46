import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { RunSchema } from '../contracts/finding.js';
import { fixtureRun } from './fixture.js';
import { renderJson } from './json.js';
import { renderSchema } from './schema.js';

describe('report.json', () => {
  const validate = formats.default(new Ajv({ strict: true, strictTypes: false, allErrors: true })).compile(JSON.parse(renderSchema()) as object);

  it('obeys the published schema', () => {
    expect(validate(JSON.parse(renderJson(fixtureRun()))), JSON.stringify(validate.errors)).to.equal(true);
  });

  it('would not obey it with a member too many or a verdict that is none', () => {
    expect(validate({ ...fixtureRun(), more: 1 })).to.equal(false);
    expect(validate({ ...fixtureRun(), findings: [{ ...fixtureRun().findings[0], verdict: 'maybe' }] })).to.equal(false);
  });

  it('is the same whatever the order in which members and findings came', () => {
    const run = fixtureRun();
    const reversed = Object.fromEntries(Object.entries({ ...run, findings: [...run.findings].reverse(), idsCreated: [...run.idsCreated].reverse() }).reverse());
    expect(renderJson(reversed as typeof run)).to.equal(renderJson(run));
  });

  it('loses nothing of the run', () => {
    const { findings, idsCreated, ...rest } = JSON.parse(renderJson(fixtureRun())) as ReturnType<typeof fixtureRun>;
    expect(rest).to.deep.equal((({ findings: _findings, idsCreated: _ids, ...others }) => others)(fixtureRun()));
    expect(findings).to.have.deep.members(fixtureRun().findings);
    expect(idsCreated).to.have.members(fixtureRun().idsCreated);
  });

  it('begins with the version of its schema, as the schema lists its members', () => {
    const members = Object.keys(JSON.parse(renderJson(fixtureRun())) as object);
    expect(members[0]).to.equal('schemaVersion');
    expect(members).to.deep.equal(Object.keys(RunSchema.properties).filter((name) => Object.hasOwn(fixtureRun(), name)));
  });
});

describe('report.schema.json', () => {
  it('is the one that is checked in (npm run generate writes it anew)', () => {
    expect(readFileSync(new URL('report.schema.json', import.meta.url), 'utf8')).to.equal(renderSchema());
  });
});
