import { expect } from 'chai';
import fc from 'fast-check';
import { judge, judgeField, judgeValue, type JudgedRequest } from '../contracts/judge.js';
import type { Constraint, FieldName, InputRule, Judgement } from '../contracts/model.js';
import { RULES } from '../contracts/rules/index.js';
import { boundary, conforming, openCases, violating } from './index.js';
import type { InputArbitrary, PartInput, Shape } from './input.js';
import { counting, oracle, SAMPLE_RULES, valueOf, type SampleRule } from './oracle.spec-help.js';

/** Enough that every part of a value has met every other; the seed is the same each time, so more would find no more. */
const SAMPLES = 2_000;
const SEED = 20_261_122;
const fresh = counting();

const asRule = ({ constraint }: SampleRule): InputRule => ({
  id: 'sample/rule',
  title: 'a sample',
  kind: 'input',
  level: 'must',
  citation: { sources: ['doc'], statements: [] },
  constraint,
  whenConforming: { outcome: 'accepted' },
  whenViolating: { outcome: 'refused', offence: 'invalid' },
});

const RULES_OF = (field: FieldName): InputRule[] => SAMPLE_RULES.filter((rule) => rule.field === field).map(asRule);

const requestWith = (field: FieldName, value: string | null): JudgedRequest => ({
  method: 'POST',
  path: '/customers',
  headers: [],
  fields: value === null ? [] : [[field, value]],
});

const textOf = (input: PartInput | undefined, field: FieldName): string => (input && valueOf(input, field)) ?? '';

const show = (value: unknown): string => JSON.stringify(value);

/** Everything drawn and every boundary of a half. */
const shapes = (inputs: InputArbitrary): Shape[] => [...inputs.boundaries, ...fc.sample(inputs.arbitrary, { numRuns: SAMPLES, seed: SEED })];

/** Whether any value breaks a constraint: lists of good values, optional fields and lengths that are open on both sides have none. */
function canBeBroken({ constraint }: SampleRule): boolean {
  if (constraint.kind === 'length') return constraint.below === 'violating' || constraint.above === 'violating';
  return constraint.kind === 'presence' ? constraint.presence === 'required' : constraint.kind !== 'examples' && constraint.kind !== 'forms';
}

const HALVES: readonly { readonly rule: SampleRule; readonly half: 'conforming' | 'violating' }[] = SAMPLE_RULES.flatMap((rule) => [
  { rule, half: 'conforming' as const },
  ...(canBeBroken(rule) ? [{ rule, half: 'violating' as const }] : []),
]);

function inputsOf({ constraint, field, name }: SampleRule, half: 'conforming' | 'violating'): InputArbitrary {
  const inputs = half === 'conforming' ? conforming(constraint) : violating(constraint);
  if (!inputs) throw new Error(`${field}/${name} has no ${half} inputs`);
  return inputs;
}

describe('generators: inputs of fields, held to the oracle', function () {
  this.timeout(20_000);

  for (const { rule, half } of HALVES) {
    const title = `${rule.field}/${rule.name}`;
    if (half === 'conforming') {
      it(`${title}: conforming inputs are good beyond doubt, to the oracle and to the judge`, () => {
        const inputs = inputsOf(rule, half);
        const rules = RULES_OF(rule.field);
        for (const shape of shapes(inputs)) {
          const value = valueOf(inputs.render(shape, fresh), rule.field);
          if (value === undefined) throw new Error(`${show(shape)} is for another part`);
          if (value !== null) {
            if (!oracle(rule.field, value).good) expect.fail(`${show(value)} of ${show(shape)} is not good to the oracle: ${show(oracle(rule.field, value))}`);
            if (judgeField(rule.field, value, rules) !== 'conforming') expect.fail(`${show(value)} is ${judgeField(rule.field, value, rules)} to the judge`);
          }
          const input = inputs.render(shape, fresh);
          for (const [field, other] of input.part === 'fields' ? Object.entries(input.values) : [])
            if (other !== null && judgeField(field as FieldName, other, RULES_OF(field as FieldName)) !== 'conforming')
              expect.fail(`${show(shape)} sends ${field} = ${show(other)}, which is not good`);
          const judged = judge(rule.constraint, requestWith(rule.field, value));
          if (judged !== 'conforming') expect.fail(`a request with ${show(value)} is ${judged} to the judge`);
        }
      });
    } else {
      it(`${title}: violating inputs break it and nothing else, their controls nothing`, () => {
        const inputs = inputsOf(rule, half);
        for (const shape of shapes(inputs)) {
          const value = valueOf(inputs.render(shape, fresh), rule.field);
          if (value === undefined) throw new Error(`${show(shape)} is for another part`);
          // Empty breaks the length as well as the presence: nothing that is empty can be long.
          const expected = rule.name === 'required' && rule.field === 'object_reference_id' && value === '' ? ['required', 'length'] : [rule.name];
          const broken = value === null ? ['required'] : oracle(rule.field, value).broken;
          if (broken.join() !== expected.join()) expect.fail(`${show(value)} of ${show(shape)} breaks ${show(broken)}, not only ${rule.name}`);
          const judged = judge(rule.constraint, requestWith(rule.field, value));
          if (judged !== 'violating') expect.fail(`a request with ${show(value)} is ${judged} to the judge`);
          for (const other of SAMPLE_RULES) {
            if (other === rule || other.field !== rule.field || expected.includes(other.name)) continue;
            if (judge(other.constraint, requestWith(rule.field, value)) === 'violating') expect.fail(`${show(value)} breaks ${other.name} too, to the judge`);
          }
          const control = inputs.control && valueOf(inputs.control(shape, fresh), rule.field);
          if (typeof control === 'string' && !oracle(rule.field, control).good) expect.fail(`${show(control)}, the control of ${show(value)}, is not good`);
        }
      });

      // The control of a country code is a code that is known, whatever is under test.
      if (['charset', 'edges'].includes(rule.constraint.kind) && rule.field !== 'mobile_country_code') {
        it(`${title}: a control differs from its violating input in one character`, () => {
          const inputs = inputsOf(rule, half);
          for (const shape of shapes(inputs)) {
            const value = textOf(inputs.render(shape, fresh), rule.field);
            const control = textOf(inputs.control?.(shape, fresh), rule.field);
            const differing = [...value].filter((character, i) => character !== [...control][i]).length;
            if ([...control].length !== [...value].length || differing !== 1) expect.fail(`${show(value)} and ${show(control)}`);
          }
        });
      }
    }

    it(`${title}: ${half} inputs of one seed are the same every time`, () => {
      const inputs = inputsOf(rule, half);
      const draw = (): Shape[] => fc.sample(inputs.arbitrary, { numRuns: 200, seed: SEED });
      expect(draw()).to.deep.equal(draw());
    });

    it(`${title}: ${half} inputs shrink without a context, stay ${half}, and are done in a few tries`, () => {
      const inputs = inputsOf(rule, half);
      const drawn = fc.sample(inputs.arbitrary, { numRuns: 100, seed: SEED });
      for (const shape of [...inputs.boundaries, ...drawn]) {
        // A copy: what a report or a caller kept is never the very object that was drawn.
        const kept: Shape = structuredClone(shape);
        if (!inputs.arbitrary.canShrinkWithoutContext(kept)) expect.fail(`${show(kept)} cannot be shrunk`);
        for (const smaller of inputs.arbitrary.shrink(kept, undefined)) assertHalf(rule, half, inputs, smaller.value);
        // A target that is wrong about every input: the boldest step is always taken.
        let tries = 0;
        let current: Shape | undefined = kept;
        while (current) {
          tries += 1;
          const next: Shape | undefined = [...inputs.arbitrary.shrink(current, undefined)][0]?.value;
          current = next;
        }
        expect(tries, `tries to shrink ${show(kept)}`).to.be.at.most(10);
      }
    });

    it(`${title}: ${half} inputs are described in visible characters, each boundary otherwise`, () => {
      const inputs = inputsOf(rule, half);
      const descriptions = inputs.boundaries.map((shape) => inputs.describe(shape));
      for (const description of descriptions) expect(description).to.match(/^[ -~]+$/);
      expect(new Set(descriptions).size, show(descriptions)).to.equal(descriptions.length);
    });
  }
});

function assertHalf(rule: SampleRule, half: Judgement, inputs: InputArbitrary, shape: Shape): void {
  const value = valueOf(inputs.render(shape, fresh), rule.field);
  if (value === undefined) throw new Error(`${show(shape)} is for another part`);
  const judged = judge(rule.constraint, requestWith(rule.field, value));
  if (judged !== half) expect.fail(`${show(shape)} gives ${show(value)}, which is ${judged}, not ${half}`);
  if (half === 'conforming' && value !== null && !oracle(rule.field, value).good) expect.fail(`${show(shape)} gives ${show(value)}, which is not good`);
}

describe('judge: values, held to the oracle', () => {
  /** Characters that the rules tell apart, so that drawn values lie on both sides of each. */
  const unit = fc.constantFrom(...'aZm09_.()-+ @@@%é😀\t\n"&=,;/\u0663५');
  const near: Readonly<Record<FieldName, fc.Arbitrary<string>>> = {
    first_name: fc.string({ unit, maxLength: 8 }),
    last_name: fc.string({ unit: fc.constantFrom(...'aZ0().-_:'), maxLength: 70, size: 'max' }),
    mobile_number: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...'1234567890+ a٣'), maxLength: 11 }),
    ),
    mobile_country_code: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'5691'), maxLength: 3 }),
      fc.string({ unit: fc.constantFrom(...'5691+ a'), maxLength: 3 }),
    ),
    email_address: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'ab1._-+@@ "é'), maxLength: 9 }),
      fc
        .tuple(fc.string({ unit: fc.constantFrom(...'ab1._-+%='), maxLength: 70, size: 'max' }), fc.string({ unit: fc.constantFrom(...'ab.'), maxLength: 9 }))
        .map(([local, domain]) => `${local}@${domain}.com`),
    ),
    object_reference_id: fc.oneof(fc.string({ unit: fc.constantFrom(...'aZ0_'), maxLength: 140, size: 'max' }), fc.string({ unit, maxLength: 10 })),
    'options.get_client_auth_token': fc.constantFrom('true', 'false', 'TRUE', '', '1', ' true', 'true\n'),
  };

  for (const field of Object.keys(near) as FieldName[]) {
    it(`${field}: ${SAMPLES} values are judged as the oracle does`, () => {
      const rules = RULES_OF(field);
      const met = new Map<string, number>();
      for (const value of fc.sample(near[field], { numRuns: SAMPLES, seed: SEED })) {
        const says = oracle(field, value);
        const judged = judgeField(field, value, rules);
        const expected = says.broken.length > 0 ? 'violating' : says.good ? 'conforming' : 'open';
        met.set(expected, (met.get(expected) ?? 0) + 1);
        if (judged !== expected) expect.fail(`${show(value)} is ${judged} to the judge and ${expected} to the oracle (${show(says)})`);
      }
      expect([...met.keys()], 'answers met').to.include.members(['conforming', 'open']);
    });
  }
});

describe('generators: boundaries', () => {
  const charsets = SAMPLE_RULES.filter(({ constraint }) => constraint.kind === 'charset');

  for (const { field, name, constraint } of charsets) {
    it(`${field}/${name}: every forbidden character comes once before any comes twice, in every position in the end`, () => {
      if (constraint.kind !== 'charset') throw new Error('not a charset');
      const spots = boundary(constraint, 'violating')
        .flatMap((shape) => (shape.kind === 'around' && [...shape.offender].length === 1 ? [shape] : []))
        .filter(
          // Those of the longest length are sent beside these.
          ({ before, after }) => before.length + after.length < 30,
        );
      const forbidden = [...constraint.forbidden];
      expect(new Set(spots.slice(0, forbidden.length).map(({ offender }) => offender)).size).to.equal(forbidden.length);
      expect(spots[0]?.offender).to.equal(' ');
      expect(spots[1]?.offender).to.equal('\n');
      expect(new Set(spots.slice(0, 8).map(({ place, before, after }) => `${place}${before === ''}${after === ''}`)).size).to.be.at.least(
        field === 'mobile_country_code' ? 2 : 3,
      );
      const inScope = spots.filter(({ place }) => place === constraint.scope);
      const positions = new Set(inScope.map(({ offender, before, after }) => `${offender}/${before === ''}/${after === ''}`));
      const each = field === 'mobile_country_code' ? 2 : field === 'mobile_number' ? 3 : 4;
      // A + in front is left open.
      const less = [...(constraint.openInFront ?? '')].length;
      expect(positions.size).to.equal(forbidden.length * each - less);
    });
  }

  it('mobile_number/digits: what surrounds the offender is a good number by itself', () => {
    const rule = SAMPLE_RULES.find(({ name, field }) => name === 'digits' && field === 'mobile_number');
    const inputs = rule && violating(rule.constraint);
    if (!inputs) throw new Error('no rule');
    const drawn = fc.sample(inputs.arbitrary, { numRuns: 500, seed: SEED });
    for (const shape of [...inputs.boundaries, ...drawn]) {
      if (shape.kind !== 'around') throw new Error('not around an offender');
      expect(oracle('mobile_number', shape.before + shape.after).good, show(shape)).to.equal(true);
    }
  });

  it('shapes of other inputs are not shrunk as if they were their own', () => {
    const rule = SAMPLE_RULES.find(({ name, field }) => name === 'charset' && field === 'email_address');
    const [good, bad] = rule ? [conforming(rule.constraint), violating(rule.constraint)] : [];
    for (const text of ['a..b', '.a', 'a b', '', 'a'.repeat(65)]) expect(good?.arbitrary.canShrinkWithoutContext({ kind: 'text', text }), text).to.equal(false);
    expect(bad?.arbitrary.canShrinkWithoutContext({ kind: 'around', place: 'local-part', before: 'a', offender: '+', after: 'b' })).to.equal(false);
    expect(bad?.arbitrary.canShrinkWithoutContext({ kind: 'run', length: 7, bytesEach: 1 })).to.equal(false);
    expect(bad?.arbitrary.canShrinkWithoutContext(null)).to.equal(false);
    expect(() => bad?.render({ kind: 'run', length: 7, bytesEach: 1 }, fresh)).to.throw('a shape of kind run belongs to other inputs');
  });

  it('first_name/charset: each allowed special is sent alone, at either end and inside', () => {
    const rule = SAMPLE_RULES.find(({ name, field }) => name === 'charset' && field === 'first_name');
    const inputs = rule && conforming(rule.constraint);
    if (!inputs) throw new Error('no rule');
    const values = inputs.boundaries.map((shape) => valueOf(inputs.render(shape, fresh), 'first_name') ?? '');
    for (const special of '().-_') {
      const forms = [special, `${special}a`, `a${special}`, `a${special}b`];
      expect(values, special).to.include.members(forms);
    }
    expect(values).to.include.members(['null', 'true', '007', '1e5', '0x10', 'NaN', '__proto__', 'constructor', 'undefined']);
  });

  it('object_reference_id/length: 7 and 8 characters, and too few characters whose bytes would be enough', () => {
    const rule = SAMPLE_RULES.find(({ name, field }) => name === 'length' && field === 'object_reference_id');
    if (!rule) throw new Error('no rule');
    expect(boundary(rule.constraint, 'violating')[0]).to.deep.equal({ kind: 'run', length: 7, bytesEach: 1 });
    expect(boundary(rule.constraint, 'violating')).to.deep.include.members([{ kind: 'run', length: 4, bytesEach: 2 }]);
    expect(boundary(rule.constraint, 'violating')).to.have.lengthOf(11);
    expect(boundary(rule.constraint, 'conforming').slice(0, 2)).to.deep.equal([
      { kind: 'run', length: 8, bytesEach: 1 },
      { kind: 'run', length: 128, bytesEach: 1 },
    ]);
  });

  it('a longest length that is stated is broken by one more, and by far more', () => {
    const stated: Constraint = { kind: 'length', field: 'first_name', min: 1, max: 64, below: 'open', above: 'violating', alphabet: 'letters' };
    const inputs = violating(stated);
    if (!inputs) throw new Error('no inputs');
    expect(inputs.boundaries[0]).to.deep.equal({ kind: 'run', length: 65, bytesEach: 1 });
    for (const shape of shapes(inputs)) expect(judgeValue(stated, valueOf(inputs.render(shape, fresh), 'first_name') ?? '')).to.equal('violating');
  });
});

describe('generators: the rules of the document', () => {
  const inputRules = RULES.filter((rule): rule is InputRule => rule.kind === 'input');

  for (const rule of inputRules) {
    if (rule.constraint.kind === 'spelling' || rule.constraint.kind === 'robustness') continue;
    it(`${rule.id}: a half that the rule speaks of has inputs, one that it leaves open has none`, () => {
      expect(boundary(rule.constraint, 'conforming'), 'conforming').to.have.length.above(0);
      if (rule.whenViolating.outcome === 'refused') expect(boundary(rule.constraint, 'violating'), 'violating').to.have.length.above(0);
      if (rule.whenViolating.outcome === 'no-such-input') expect(boundary(rule.constraint, 'violating'), 'violating').to.have.lengthOf(0);
    });
  }

  it('every good input of a field is good to all rules of the field', () => {
    for (const rule of inputRules) {
      const inputs = conforming(rule.constraint);
      for (const shape of inputs?.boundaries ?? []) {
        const input: PartInput | undefined = inputs?.render(shape, fresh);
        if (input?.part !== 'field' || input.value === null) continue;
        expect(judgeField(input.field, input.value, inputRules), `${rule.id}: ${show(input.value)}`).to.equal('conforming');
      }
    }
  });

  it('what is left open about a field is open to the judge', () => {
    for (const rule of RULES) {
      if (rule.kind !== 'open-input' || rule.constraint.kind !== 'open-values') continue;
      for (const { case: name, input } of openCases(rule.constraint)) {
        const [shape] = input.boundaries;
        const part = shape && input.render(shape, fresh);
        if (part?.part !== 'field' || part.value === null) continue;
        expect(judgeField(part.field, part.value, inputRules), `${rule.id} ${name}: ${show(part.value)}`).to.equal('open');
      }
    }
  });
});
