import { expect } from 'chai';
import fc from 'fast-check';
import { judge } from '../../contracts/judge.js';
import { CREDENTIAL_FORMS, type CredentialConstraint, type CredentialForm } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { base64Writings, credentialForm, credentialHeader, credentialPossible, credentialTemplate, credentialTexts, withKey, writings } from './credentials.js';

/** A key that shows every departure: both letter cases, and base64 with padding, a + and a /. */
const KEY = 'Key>>>?7a~~9';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What each form is, written out by hand. */
const HEADERS: Readonly<Record<CredentialForm, string | undefined>> = {
  canonical: `Basic ${base64('Key>>>?7a~~9:')}`,
  absent: undefined,
  'empty-header': '',
  'other-key': `Basic ${base64('not_the_key_:')}`,
  'first-character-changed': `Basic ${base64('aey>>>?7a~~9:')}`,
  'middle-character-changed': `Basic ${base64('Key>>>a7a~~9:')}`,
  'last-character-changed': `Basic ${base64('Key>>>?7a~~a:')}`,
  'characters-swapped': `Basic ${base64('Key>>>7?a~~9:')}`,
  'key-prefix': `Basic ${base64('Key>>>?7a~~:')}`,
  'key-extension': `Basic ${base64('Key>>>?7a~~9x:')}`,
  'key-blank-before': `Basic ${base64(' Key>>>?7a~~9:')}`,
  'key-blank-behind': `Basic ${base64('Key>>>?7a~~9 :')}`,
  'key-line-end-behind': `Basic ${base64('Key>>>?7a~~9\n:')}`,
  'key-other-case': `Basic ${base64('kEY>>>?7A~~9:')}`,
  'inherited-property': `Basic ${base64('constructor:')}`,
  prototype: `Basic ${base64('__proto__:')}`,
  'scheme-only': 'Basic',
  'empty-user': 'Basic Og==',
  'key-as-password': `Basic ${base64(':Key>>>?7a~~9')}`,
  'not-base64': 'Basic !!!!',
  'raw-key': 'Basic Key>>>?7a~~9',
  bearer: `Bearer ${base64('Key>>>?7a~~9:')}`,
  digest: `Digest ${base64('Key>>>?7a~~9:')}`,
  'unknown-scheme': `Sesame ${base64('Key>>>?7a~~9:')}`,
  'scheme-ending-in-basic': `XBasic ${base64('Key>>>?7a~~9:')}`,
  'scheme-beginning-with-basic': `Basicx ${base64('Key>>>?7a~~9:')}`,
  'scheme-lower-case': `basic ${base64('Key>>>?7a~~9:')}`,
  'scheme-upper-case': `BASIC ${base64('Key>>>?7a~~9:')}`,
  'scheme-mixed-case': `bAsIc ${base64('Key>>>?7a~~9:')}`,
  'with-password': `Basic ${base64('Key>>>?7a~~9:password')}`,
  'without-colon': `Basic ${base64('Key>>>?7a~~9')}`,
  'padding-missing': 'Basic S2V5Pj4+Pzdhfn45Og',
  'padding-doubled': 'Basic S2V5Pj4+Pzdhfn45Og====',
  'url-alphabet': 'Basic S2V5Pj4-Pzdhfn45Og==',
};
const anyKey = fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 });

describe('credentials', () => {
  for (const form of CREDENTIAL_FORMS) {
    it(`${form} is ${HEADERS[form] === undefined ? 'no header' : JSON.stringify(HEADERS[form])} for the key of these specs`, () => {
      expect(credentialHeader(form, KEY)).to.equal(HEADERS[form]);
    });
  }

  it('for an ordinary key, every form but the canonical one is another header', () => {
    for (const form of CREDENTIAL_FORMS) expect(credentialPossible(form, KEY), form).to.equal(true);
    for (const form of CREDENTIAL_FORMS.filter((each) => each !== 'canonical'))
      expect(credentialHeader(form, KEY), form).to.not.equal(credentialHeader('canonical', KEY));
  });

  it('the last character is changed, whichever it is', () => {
    for (const last of ['a', 'b', 'Z', '0', '_']) {
      expect(credentialHeader('last-character-changed', `key${last}`), `a key that ends in ${last}`).to.not.equal(credentialHeader('canonical', `key${last}`));
      expect(credentialPossible('last-character-changed', `key${last}`), `a key that ends in ${last}`).to.equal(true);
    }
  });

  it('a form that a key does not allow is known not to be possible', () => {
    expect(credentialPossible('key-other-case', '12345678'), 'no letters').to.equal(false);
    expect(credentialPossible('key-prefix', 'a'), 'nothing before the last character').to.equal(false);
    expect(credentialPossible('padding-missing', 'ab'), 'three bytes with the colon').to.equal(false);
    expect(credentialPossible('url-alphabet', 'abcdefgh'), 'neither + nor /').to.equal(false);
    expect(credentialPossible('other-key', 'not_the_key_'), 'the very key').to.equal(false);
    expect(credentialPossible('characters-swapped', 'aaaaaaaa'), 'one character throughout').to.equal(false);
    for (const form of CREDENTIAL_FORMS) expect(credentialPossible('canonical', KEY), form).to.equal(true);
  });

  it('what is possible differs from the canonical credential, whatever the key', () => {
    fc.assert(
      fc.property(anyKey, fc.constantFrom(...CREDENTIAL_FORMS), (key, form) => {
        if (form !== 'canonical' && credentialPossible(form, key)) expect(credentialHeader(form, key)).to.not.equal(credentialHeader('canonical', key));
      }),
    );
  });

  it('every form is, to the judge of requests, what the rules take it for', () => {
    const constraints = RULES.flatMap((rule) => ('constraint' in rule && rule.constraint.kind === 'credential' ? [{ id: rule.id, of: rule.constraint }] : []));
    expect(constraints).to.have.length.above(5);
    const judged = (constraint: CredentialConstraint, form: CredentialForm): string => {
      const value = credentialHeader(form, KEY);
      const headers = value === undefined ? [] : [['Authorization', value] as const];
      return judge(constraint, { method: 'POST', path: '/customers', headers, fields: [], apiKey: KEY });
    };
    for (const { id, of } of constraints) {
      for (const form of of.conforming) expect(judged(of, form), `${id}: ${form}`).to.equal('conforming');
      for (const form of of.violating) expect(judged(of, form), `${id}: ${form}`).to.equal('violating');
      for (const form of of.open) expect(judged(of, form), `${id}: ${form}`).to.equal('open');
    }
  });
});

describe('credentials: how reports show them', () => {
  it('a form with a header has a template, one without has none', () => {
    for (const form of CREDENTIAL_FORMS) expect(credentialTemplate(form) === undefined, form).to.equal(HEADERS[form] === undefined);
    expect(new Set(CREDENTIAL_FORMS.map(credentialTemplate)).size, 'templates that differ').to.equal(CREDENTIAL_FORMS.length);
  });

  it('a template is the same for every key, so that no key is in it', () => {
    for (const form of CREDENTIAL_FORMS) {
      const template = credentialTemplate(form) ?? '';
      if (HEADERS[form]?.includes(base64(KEY).slice(0, 8)) === true || form === 'raw-key') expect(template, form).to.include('${API_KEY');
      expect(template, form).to.not.include(KEY);
    }
  });

  it('whatever a check made of the key is among the texts to take out', () => {
    const texts = new Map(credentialTexts(KEY));
    for (const form of CREDENTIAL_FORMS) {
      const template = credentialTemplate(form);
      if (template?.includes('${API_KEY') !== true) continue;
      const value = HEADERS[form]?.split(' ')[1] ?? '';
      expect(texts.get(value), `${form}: ${value}`).to.match(/\$\{API_KEY/);
    }
  });

  it('the longest texts come first, so that none leaves a part of a longer one behind', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const lengths = credentialTexts(key).map(([text]) => text.length);
        expect(lengths).to.deep.equal([...lengths].sort((a, b) => b - a));
        expect(Math.min(...lengths), 'the shortest').to.be.at.least(8);
      }),
    );
  });
});

describe('credentials: texts that are made of the key', () => {
  const texts = new Map(credentialTexts(KEY));

  it('each has what stands for it', () => {
    for (const [text, shown] of [
      [KEY, '${API_KEY}'],
      ['aey>>>?7a~~9', '${API_KEY with its first character changed}'],
      ['Key>>>a7a~~9', '${API_KEY with a character in its middle changed}'],
      ['Key>>>?7a~~a', '${API_KEY with its last character changed}'],
      ['Key>>>7?a~~9', '${API_KEY with two characters swapped}'],
      ['Key>>>?7a~~', '${API_KEY without its last character}'],
      ['kEY>>>?7A~~9', '${API_KEY in the other case}'],
      ['Key%3E%3E%3E%3F7a~~9', '${API_KEY}'],
      [base64(`${KEY}:`), '${base64:${API_KEY}:}'],
      [base64(`${KEY}:`).replaceAll('=', ''), '${base64:${API_KEY}:}'],
      [base64(`:${KEY}`), '${base64::${API_KEY}}'],
      [base64('kEY>>>?7A~~9:'), '${base64:${API_KEY in the other case}:}'],
      [`${base64(`${KEY}:`)}==`, '${base64:${API_KEY}:}=='],
    ])
      expect(texts.get(text ?? ''), text).to.equal(shown);
  });

  it('what has nothing of the key is not among them, nor what is too short to be told from other text', () => {
    for (const text of [base64('not_the_key_:'), base64('constructor:'), base64(':'), '!!!!']) expect(texts.has(text), text).to.equal(false);
    for (const [key, is] of [
      ['1234567', false],
      ['12345678', true],
    ] as const)
      expect(new Map(credentialTexts(key)).has(key), key).to.equal(is);
  });

  it('a key within a longer text that was encoded is among them, wherever it begins', () => {
    fc.assert(
      fc.property(anyKey, fc.string({ maxLength: 5 }), fc.string({ maxLength: 4 }), fc.constantFrom('base64', 'base64url'), (key, before, behind, alphabet) => {
        const encoded = Buffer.from(`${before}${key}${behind}`).toString(alphabet);
        const found = credentialTexts(key).filter(([text]) => encoded.includes(text));
        expect(found, encoded).to.not.deep.equal([]);
      }),
    );
  });

  it('a text is written as it is, in a URL, in a form and in JSON', () => {
    expect(writings('a b/"+é')).to.have.members([
      ...['a b/"+é', 'a%20b%2F%22%2B%C3%A9', 'a+b%2F%22%2B%C3%A9', 'a%20b%2f%22%2b%c3%a9', 'a+b%2f%22%2b%c3%a9'],
      ...['a b/\\"+é', 'a b\\/\\"+é'],
    ]);
  });

  it('base64 is written with padding and without, in either alphabet', () => {
    expect(base64Writings('a+b/c+d/ag==')).to.deep.equal(['a+b/c+d/ag==', 'a+b/c+d/ag', 'a-b_c-d_ag==', 'a-b_c-d_ag']);
  });
});

describe('credentials: a report’s text with the key put back', () => {
  const asItIs = (text: string): string => text;

  it('a template is of the form that it stands for, another text of none', () => {
    for (const form of CREDENTIAL_FORMS) expect(credentialForm(credentialTemplate(form))).to.equal(form);
    for (const text of ['Basic', '', undefined]) expect(HEADERS[credentialForm(text) ?? 'canonical']).to.equal(text);
    expect(credentialForm('Basic Zm9v')).to.equal(undefined);
  });

  it('every template becomes the header that was sent', () => {
    for (const form of CREDENTIAL_FORMS) {
      const template = credentialTemplate(form);
      if (template !== undefined) expect(withKey(template, KEY, asItIs), form).to.equal(HEADERS[form]);
    }
  });

  it('within other text, as it is written there', () => {
    const text = '{"user":"${API_KEY}","was":"${API_KEY in the other case}","also":"${base64:${API_KEY}:} without its padding"} and ${SECOND_KEY}';
    const written = (part: string): string => `<${part}>`;
    expect(withKey(text, KEY, written)).to.equal('{"user":"<Key>>>?7a~~9>","was":"<kEY>>>?7A~~9>","also":"<S2V5Pj4+Pzdhfn45Og>"} and ${SECOND_KEY}');
    expect(withKey('nothing of it', KEY, written)).to.equal('nothing of it');
  });

  it('not where something stands for a part that does not tell the whole', () => {
    for (const text of ['${base64 of ${API_KEY}}', 'x ${base64 of ${API_KEY}} y ${API_KEY}', '${API_KEY and more}'])
      expect(withKey(text, KEY, asItIs), text).to.equal(undefined);
  });

  it('a key that looks like what stands for one is put back all the same', () => {
    expect(withKey('a ${API_KEY} b', 'x${API_KEY y', asItIs)).to.equal('a x${API_KEY y b');
  });
});
