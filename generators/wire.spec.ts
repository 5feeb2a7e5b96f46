import { expect } from 'chai';
import fc from 'fast-check';
import type { Spelling } from '../contracts/model.js';
import { oracle } from './oracle.spec-help.js';
import { encodeForm, spell, spellingProbes, type Fields } from './wire.js';

const PLAIN: readonly Spelling[] = ['utf-8', 'percent-once', 'escaped-plus'];
const SPELLINGS: readonly Spelling[] = [
  ...PLAIN,
  'plus-is-blank',
  'hex-case',
  'needless-escape',
  'raw',
  'escaped-key',
  'semicolon',
  'second-equals',
  'empty-pairs',
  'field-order',
];

const SAFE: Fields = [
  ['object_reference_id', 'cust_123489012345'],
  ['mobile_number', '987654321'],
  ['email_address', 'user@example.com'],
  ['first_name', 'Maria'],
  ['last_name', 'Silva'],
  ['mobile_country_code', '55'],
  ['options.get_client_auth_token', 'true'],
];

const decoded = (body: Buffer): (readonly [string, string])[] => [...new URLSearchParams(body.toString('utf8'))];

const withValue = (field: string, value: string): Fields => SAFE.map(([name, safe]) => [name, name === field ? value : safe]);

const text = fc.string({ unit: 'binary', maxLength: 20 });
const telling = fc.string({ unit: fc.constantFrom(...'aZ0 +%&=;_.-é😀\0\n41'), maxLength: 12 });
const fields = fc.array(fc.tuple(fc.oneof(text, telling, fc.constantFrom(...SAFE.map(([name]) => name))), fc.oneof(text, telling)), { maxLength: 8 });

describe('wire: form bodies', () => {
  it('the plain body decodes to its fields, in ASCII without + and with upper-case hex', () => {
    fc.assert(
      fc.property(fields, (sent) => {
        const body = encodeForm(sent);
        expect(decoded(body)).to.deep.equal(sent);
        expect(body.toString('latin1')).to.match(/^(?:[A-Za-z0-9*\-._&=]|%[0-9A-F]{2})*$/);
      }),
      { numRuns: 1_000 },
    );
  });

  for (const spelling of SPELLINGS) {
    it(`${spelling}: any body decodes to the same fields`, () => {
      fc.assert(
        fc.property(fields, (sent) => {
          const expected = spelling === 'field-order' ? sent.toReversed() : sent;
          expect(decoded(spell(spelling, sent))).to.deep.equal(expected);
        }),
        { numRuns: 500 },
      );
    });

    it(`${spelling}: good probes are good, bad ones break a rule, and both come among the first two`, () => {
      const probes = spellingProbes(spelling);
      for (const { field, value, half } of probes) {
        const says = oracle(field, value);
        if (half === 'conforming') expect(says, `${field} ${value}`).to.deep.equal({ broken: [], good: true });
        else expect(says.broken, `${field} ${value}`).to.have.length.above(0);
      }
      expect(new Set(probes.slice(0, 2).map(({ half }) => half)).size).to.equal(2);
      expect(new Set(probes.map(({ field, value }) => `${field}=${value}`)).size, 'different probes').to.equal(probes.length);
      for (const { describe: words } of probes) expect(words).to.match(/^[ -~]+$/);
    });
  }

  for (const spelling of SPELLINGS.filter((each) => !PLAIN.includes(each))) {
    it(`${spelling}: probes look otherwise on the wire than plain ones`, () => {
      const differing = spellingProbes(spelling).filter(({ field, value }) => {
        const sent = withValue(field, value);
        return !spell(spelling, sent).equals(encodeForm(sent));
      });
      // Two good probes are there because no good value has a blank or a semicolon to spell.
      const alike = spellingProbes(spelling).length - differing.length;
      expect(alike).to.equal(spelling === 'plus-is-blank' || spelling === 'semicolon' ? 1 : 0);
    });
  }
});

/** Wrong readings of a form body, each by someone who overlooked one rule of it. */
const WRONG: Readonly<Record<Spelling, (body: Buffer) => (readonly [string, string])[]>> = {
  'utf-8': (body) =>
    pairs(body.toString('latin1'), '&', (part) => part.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))),
  'percent-once': (body) => decoded(body).map(([name, value]) => [name, lenient(value)]),
  'plus-is-blank': (body) => pairs(body.toString('latin1'), '&', lenient),
  'escaped-plus': (body) => pairs(body.toString('latin1'), '&', (part) => lenient(part).replaceAll('+', ' ')),
  'hex-case': (body) =>
    pairs(body.toString('latin1'), '&', (part) => part.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))),
  'needless-escape': (body) =>
    pairs(body.toString('latin1'), '&', (part) =>
      part.replaceAll(/%([0-9A-F]{2})/g, (whole, hex: string) =>
        /[A-Za-z0-9]/.test(String.fromCharCode(Number.parseInt(hex, 16))) ? whole : String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    ),
  raw: (body) => decoded(Buffer.from(body.toString('latin1').replace(/#[^&]*/, ''), 'latin1')),
  'escaped-key': (body) =>
    body
      .toString('latin1')
      .split('&')
      .map((pair) => {
        const [name = '', value = ''] = pair.split('=');
        return [name, lenient(value)];
      }),
  semicolon: (body) => pairs(body.toString('latin1'), /[&;]/, lenient),
  'second-equals': (body) =>
    body
      .toString('latin1')
      .split('&')
      .map((pair) => {
        const [name = '', value = ''] = pair.split('=');
        return [lenient(name), lenient(value)];
      }),
  'empty-pairs': (body) => (body.toString('latin1').startsWith('&') ? [] : decoded(body)),
  'field-order': (body) => decoded(body).map(([, value], i) => [SAFE[i]?.[0] ?? '', value]),
};

function lenient(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function pairs(body: string, separator: string | RegExp, decode: (part: string) => string): (readonly [string, string])[] {
  return body.split(separator).map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [decode(name), decode(value.join('='))];
  });
}

describe('wire: what a wrong reading of a spelling makes of its probes', () => {
  for (const spelling of SPELLINGS) {
    it(`${spelling}: a good probe is changed or refused, or a bad one accepted`, () => {
      const seen = spellingProbes(spelling).filter(({ field, value, half }) => {
        const read = new Map(WRONG[spelling](spell(spelling, withValue(field, value)).subarray()));
        const got = read.get(field);
        if (half === 'conforming') return got !== value;
        return got === undefined || oracle(field, got).good || (field === 'object_reference_id' && oracle(field, got).broken.length === 0);
      });
      expect(seen, 'probes that show it').to.have.length.above(0);
    });
  }
});
