import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { RULES } from '../../contracts/rules/index.js';
import { rulesOf, TOPICS } from './topics.js';

const topics = Object.keys(TOPICS) as (keyof typeof TOPICS)[];
const folder = new URL('./', import.meta.url);
const suites = readdirSync(folder).filter((name) => name.endsWith('.suite.ts'));

describe('topics', () => {
  it('every rule is in exactly one suite', () => {
    for (const { id } of RULES) {
      expect(
        topics.filter((topic) => rulesOf(topic).some((rule) => rule.id === id)),
        `suites with ${id}`,
      ).to.have.lengthOf(1);
    }
  });

  it('every beginning is that of some rule', () => {
    for (const beginning of Object.values(TOPICS).flat()) {
      expect(
        RULES.some(({ id }) => id.startsWith(beginning)),
        beginning,
      ).to.equal(true);
    }
  });

  it('a suite has its rules in the order of the page', () => {
    for (const topic of topics) {
      const places = rulesOf(topic).map((rule) => RULES.indexOf(rule));
      expect(places, topic).to.deep.equal([...places].sort((a, b) => a - b));
    }
  });

  it('every topic has a suite file of its name, which declares it and nothing else', () => {
    expect(suites.sort()).to.deep.equal(topics.map((topic) => `${topic}.suite.ts`).sort());
    for (const topic of topics) {
      const declared = [...readFileSync(new URL(`${topic}.suite.ts`, folder), 'utf8').matchAll(/rulesOf\('([^']*)'\)/g)].map(([, name]) => name);
      expect(declared, `${topic}.suite.ts`).to.deep.equal([topic]);
    }
  });
});
