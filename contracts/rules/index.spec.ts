import { expect } from 'chai';
import { STATEMENTS } from '../document.js';
import { judgeField } from '../judge.js';
import { judgeResponse, occasionFits, type JudgedResponse, type ResponseJudgement } from '../judge-response.js';
import { FIELDS, type CharsetConstraint, type InputRule, type OpenRule, type ResponseExample, type ResponseRule } from '../model.js';
import { customer, memory, refusal, REFUSALS, refusalFor } from '../samples.spec-help.js';
import { FROZEN } from './frozen.spec-help.js';
import { RULES, ruleById } from './index.js';

const inputRules = RULES.filter((rule): rule is InputRule => rule.kind === 'input');
const responseRules = RULES.filter((rule): rule is ResponseRule => rule.kind === 'response');
const openRules = RULES.filter((rule): rule is OpenRule => rule.level === 'open');
/** What stands before the slash: a field, or a topic that is none. */
const TOPICS = [
  ...FIELDS,
  'credentials',
  'merchant',
  'path',
  'content-type',
  'names',
  'encoding',
  'response',
  'token',
  'privacy',
  'error',
  'customers',
  'sequence',
  'robustness',
];

describe('rules: ids', () => {
  it('every id is topic/aspect, and no two are the same', () => {
    for (const { id } of RULES) {
      const [topic = '', aspect, ...rest] = id.split('/');
      expect(TOPICS, `the topic of ${id}`).to.include(topic);
      expect(aspect, `the aspect of ${id}`).to.match(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/);
      expect(rest, `what stands behind a second slash in ${id}`).to.have.lengthOf(0);
    }
    const ids = RULES.map(({ id }) => id);
    expect(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      'ids that come twice',
    ).to.deep.equal([]);
  });

  it('no id was renamed, taken out or given another level since it was given out', () => {
    const now = Object.fromEntries(RULES.map(({ id, level }) => [id, level]));
    expect(now, 'ids and levels; a new rule gets a line in frozen.spec-help.ts, an old one keeps its line').to.deep.equal(FROZEN);
  });

  it('a rule is found by its id, and no rule by another text', () => {
    for (const rule of RULES) expect(ruleById(rule.id)).to.equal(rule);
    for (const id of ['', 'first_name', 'first_name/', 'FIRST_NAME/charset', 'toString']) expect(ruleById(id), JSON.stringify(id)).to.equal(undefined);
  });

  it('open rules are of an open kind, the others of a kind with two halves', () => {
    for (const { id, level, kind } of RULES) expect(kind.startsWith('open-'), `${id}, ${level}, ${kind}`).to.equal(level === 'open');
  });
});

describe('rules: words', () => {
  it('every title is a plain statement', () => {
    for (const { id, title } of RULES) {
      expect(title, `title of ${id}`).to.not.match(/\b(?:should|shall|must|test|tests|verify|check|ensure)\b/i);
      expect(title.length, `length of the title of ${id}`).to.be.within(10, 150);
      // A lower-case word, a character of the wire, or a name that is written with capitals there.
      expect(title, `title of ${id}`).to.match(/^(?:[a-z_%]|(?:GET|POST) |[A-Z][a-z]+-[A-Z][a-z]+ )/);
      expect(title, `title of ${id}`).to.not.match(/[.!?;]$|\s{2}|\n|^\s|\s$/);
    }
  });

  it('no two rules have the same title', () => {
    expect(new Set(RULES.map(({ title }) => title)).size).to.equal(RULES.length);
  });

  it('every reading of an open rule has a name of its own and says what it means', () => {
    for (const { id, readings } of openRules) {
      expect(new Set(readings.map((reading) => reading.id)).size, `readings of ${id}`).to.equal(readings.length);
      for (const reading of readings) expect(reading.means, `${id}, ${reading.id}`).to.match(/^\S.*\S$/);
    }
  });
});

describe('rules: citations', () => {
  const cited = new Set(RULES.flatMap(({ citation }) => citation.statements));

  it('every citation points to statements of the document, each once', () => {
    const numbers = new Set(STATEMENTS.map(({ number }) => number));
    for (const { id, citation } of RULES) {
      expect(
        citation.statements.filter((number) => !numbers.has(number)),
        `statements that ${id} cites and that are none`,
      ).to.deep.equal([]);
      expect(new Set(citation.statements).size, `statements that ${id} cites`).to.equal(citation.statements.length);
      expect(new Set(citation.sources).size, `sources of ${id}`).to.equal(citation.sources.length);
    }
  });

  it('every statement that can be tested is in a rule', () => {
    const missing = STATEMENTS.filter(({ number, testable }) => testable === true && !cited.has(number));
    expect(
      missing.map(({ number, topic, meaning }) => `${String(number)} (${topic}: ${meaning})`),
      'statements that no rule cites',
    ).to.deep.equal([]);
  });

  it('what rests on the document says where it is written there', () => {
    for (const { id, citation } of RULES) {
      if (citation.sources[0] === 'doc') expect(citation.statements, `statements that ${id} cites`).to.have.length.above(0);
    }
  });

  it('what rests on a standard says on which', () => {
    for (const { id, citation } of RULES) {
      if (citation.sources[0] === 'std') expect(citation.note, `the note of ${id}`).to.match(/RFC \d{4}|URL Standard/);
    }
  });

  it('a must rests on the document, the Brazil edition, a standard or a consequence of them', () => {
    for (const { id, level, citation } of RULES) {
      if (level === 'must') expect(['doc', 'br', 'std', 'cons'], `the first source of ${id}`).to.include(citation.sources[0]);
    }
  });
});

describe('rules: inputs', () => {
  it('a bad half that is left open is left to an open rule that exists, of the same topic or part', () => {
    for (const { id, whenViolating } of inputRules) {
      if (whenViolating.outcome !== 'left-open') continue;
      const other = ruleById(whenViolating.rule);
      expect(other, `${whenViolating.rule}, which ${id} leaves its bad half to`).to.not.equal(undefined);
      // Another scheme than Basic is refused by a must rule of its own.
      if (id !== 'credentials/scheme-case') expect(other?.level, `level of ${whenViolating.rule}, which ${id} leaves its bad half to`).to.equal('open');
    }
  });

  it('a rule without bad inputs says why there are none', () => {
    for (const { id, whenViolating } of inputRules) if (whenViolating.outcome === 'no-such-input') expect(whenViolating.because, id).to.match(/\w+ \w+/);
  });

  it('every listed example is good to all rules of its field', () => {
    let judged = 0;
    for (const { id, constraint } of inputRules) {
      if (constraint.kind !== 'examples') continue;
      for (const value of constraint.values) {
        judged += 1;
        expect(judgeField(constraint.field, value, inputRules), `${constraint.field} = ${JSON.stringify(value)} of ${id}`).to.equal('conforming');
      }
    }
    expect(judged).to.be.above(0);
  });

  it('every case of an open rule is open to all rules of its field: none contradicts a must or a should', () => {
    let judged = 0;
    for (const { id, ...rule } of openRules) {
      if (rule.kind !== 'open-input' || rule.constraint.kind !== 'open-values') continue;
      const { field, cases } = rule.constraint;
      for (const [name, template] of Object.entries(cases)) {
        if (template === null) continue;
        judged += 1;
        const value = filled(template, field === 'mobile_number' || field === 'mobile_country_code');
        expect(judgeField(field, value, inputRules), `${field} = ${JSON.stringify(value)}, case ${name} of ${id}`).to.equal('open');
      }
    }
    expect(judged).to.be.above(50);
  });

  it('samples that were published are good: the ids, numbers and codes that some edition shows', () => {
    const published = [
      ['object_reference_id', 'cust_123489'],
      ['object_reference_id', 'customer@gmail.com'],
      ['mobile_number', '987654321'],
      ['mobile_number', '99887766'],
      ['mobile_number', '9988776655'],
      ['mobile_country_code', '55'],
      ['mobile_country_code', '65'],
      ['mobile_country_code', '91'],
      ['email_address', 'customer@gmail.com'],
      ['first_name', 'John'],
      ['last_name', 'Smith'],
      ['options.get_client_auth_token', 'true'],
    ] as const;
    for (const [field, value] of published) expect(judgeField(field, value, inputRules), `${field} = ${value}`).to.equal('conforming');
  });
});

/** The template with ordinary characters in its gaps, so many that length is not what decides. */
function filled(template: string, digits: boolean): string {
  const text = (length: number): string => (digits ? '9'.repeat(length) : 'w'.repeat(length));
  return template.replaceAll(/\{fill(?::(\d+))?\}/g, (_gap, length: string | undefined) => text(length === undefined ? 9 : Number(length)));
}

describe('rules: characters', () => {
  const charsets = inputRules.filter((rule): rule is InputRule & { readonly constraint: CharsetConstraint } => rule.constraint.kind === 'charset');
  const twice = (text: string): string[] => [...text].filter((character, index, all) => all.indexOf(character) !== index);

  for (const { id, constraint } of charsets) {
    it(`${id}: no character is both allowed and forbidden, or listed twice`, () => {
      const { allowed, forbidden, notAtEdges = '', openInFront = '' } = constraint;
      expect(
        [...allowed].filter((character) => forbidden.includes(character)),
        'allowed and forbidden',
      ).to.deep.equal([]);
      expect(twice(allowed), 'allowed twice').to.deep.equal([]);
      expect(twice(forbidden), 'forbidden twice').to.deep.equal([]);
      expect(
        [...notAtEdges].filter((character) => !allowed.includes(character)),
        'not at edges, and not allowed either',
      ).to.deep.equal([]);
      expect(
        [...openInFront].filter((character) => !forbidden.includes(character)),
        'open in front, and not forbidden elsewhere',
      ).to.deep.equal([]);
    });
  }

  const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, offset) => String.fromCharCode(0x20 + offset));
  const documented = [
    ['first_name/charset', '().-_'],
    ['last_name/charset', '().-_'],
    ['email_address/charset', "!#$%&'*+-/=?^_.{|}~`"],
  ] as const;
  for (const [id, specials] of documented) {
    it(`${id}: printable ASCII, TAB and LF are either allowed or forbidden; other characters are neither`, () => {
      const constraint = charsets.find((rule) => rule.id === id)?.constraint;
      if (constraint === undefined) throw new Error(`${id} has no charset`);
      const good = PRINTABLE.filter((character) => /[A-Za-z0-9]/.test(character) || specials.includes(character));
      // The separator of an address is neither: how many of it there are is for other rules.
      const neither = id === 'email_address/charset' ? ['@'] : [];
      expect([...constraint.allowed].sort(), 'allowed').to.deep.equal([...good].sort());
      const bad = [...PRINTABLE, '\t', '\n'].filter((character) => !good.includes(character) && !neither.includes(character));
      expect([...constraint.forbidden].sort(), 'forbidden').to.deep.equal(bad.sort());
    });
  }
});

/** What a rule says of a response, and of the same response to another customer's request where the example asks for it. */
function judged(rule: ResponseRule, response: JudgedResponse, { twice = false }: ResponseExample): ResponseJudgement {
  const all = memory(['reference_of_another_customer']);
  const first = judgeResponse(rule.check, response, all);
  return twice ? judgeResponse(rule.check, response, all) : first;
}

/** The example of a rule, made from the published sample or from the documented refusal of its occasion. */
function exampleOf(rule: ResponseRule, example: ResponseExample): JudgedResponse {
  switch (rule.on) {
    case 'any':
    case 'created':
    case 'created-with-token':
      return customer(example, rule.check.kind === 'repeated-echo' ? { sent: undefined, repeated: [{ field: 'first_name', values: ['John', 'Jo hn'] }] } : {});
    case 'missing-or-invalid':
    case 'refused':
      return refusal(refusalFor('invalid'), example);
    default:
      return refusal(refusalFor(rule.on), example);
  }
}

describe('rules: responses', () => {
  for (const rule of responseRules) {
    it(`${rule.id} holds for its good example and is broken by its bad one`, () => {
      expect(judged(rule, exampleOf(rule, rule.whenConforming), rule.whenConforming), `good: ${JSON.stringify(rule.whenConforming)}`).to.deep.equal({
        outcome: 'holds',
      });
      const judgement = judged(rule, exampleOf(rule, rule.whenViolating), rule.whenViolating);
      expect(judgement.outcome, `bad: ${JSON.stringify(rule.whenViolating)}`).to.equal('broken');
      if (judgement.outcome !== 'broken') return;
      expect(judgement.expected, 'what a report says was expected').to.match(/\S/);
      expect(judgement.got, 'what a report says came instead').to.match(/\S/);
    });
  }

  it('the published sample breaks no rule', () => {
    for (const occasion of ['created', 'created-with-token'] as const) {
      for (const rule of responseRules.filter(({ on }) => occasionFits(on, occasion))) {
        expect(judged(rule, customer(), {}).outcome, rule.id).to.be.oneOf(['holds', 'not-applicable']);
      }
    }
  });

  for (const documented of REFUSALS) {
    it(`the refusal that [${documented.edition}] documents for ${documented.occasion} (${String(documented.body['error_message'])}) breaks no rule`, () => {
      const applying = responseRules.filter(({ on }) => occasionFits(on, documented.occasion));
      expect(applying).to.have.length.above(1);
      for (const rule of applying) {
        expect(judged(rule, refusal(documented), {}), `${rule.id} on ${JSON.stringify(documented.body)}`).to.not.have.property('outcome', 'broken');
      }
    });
  }

  it('every occasion has a rule', () => {
    for (const occasion of ['created', 'created-with-token', 'missing', 'invalid', 'duplicate', 'credential', 'unknown-customer'] as const) {
      expect(
        responseRules.filter(({ on }) => on !== 'any' && occasionFits(on, occasion)),
        occasion,
      ).to.have.length.above(0);
    }
  });
});
