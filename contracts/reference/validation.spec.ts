import { expect } from 'chai';
import fc from 'fast-check';
import type { Behaviour, Fields, FormField } from './behaviour.js';
import { REFERENCE } from './reference.js';
import { codePoints, findProblems, isRight, keptValues } from './validation.js';

const right = (field: FormField, value: string, behaviour: Partial<Behaviour> = {}): boolean => isRight(field, value, { ...REFERENCE, ...behaviour });
const each = (field: FormField, values: readonly string[], expected: boolean): void => {
  for (const value of values) expect(right(field, value), `${field} = ${JSON.stringify(value)}`).to.equal(expected);
};
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const LETTERS_AND_DIGITS = PRINTABLE.filter((character) => /[A-Za-z0-9]/.test(character));

describe('the length of a value', () => {
  it('is that of its code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\ud800', '\udc00', '\u{1f3fd}') }), (value) => {
        expect(codePoints(value)).to.equal([...value].length);
      }),
    );
  });
});

describe('object_reference_id', () => {
  it('has 8 characters or more, of one byte or of several', () => {
    each('object_reference_id', ['', 'a', '1234567', 'éééé', '😀😀😀😀', 'ééééééé'], false);
    each('object_reference_id', ['12345678', 'éééééééé', '😀😀😀😀😀😀😀😀', 'a'.repeat(40), 'a'.repeat(128)], true);
    each('object_reference_id', ['a'.repeat(129)], false);
  });

  it('can be an address, a number or an id', () => {
    each('object_reference_id', ['customer@gmail.com', 'a.b+c_d-e@example.co', '99887766', '987654321', '00000001', 'cust_123489'], true);
  });

  it('has no control characters', () => {
    each('object_reference_id', ['1234\n5678', '1234\t5678', '1234\u00005678', '1234\u00855678', '1234\ud8005678'], false);
  });
});

describe('mobile_number', () => {
  it('is made of digits', () => {
    each('mobile_number', ['99887766', '987654321', '9988776655', '09887766'], true);
    each(
      'mobile_number',
      ['', '9988 7766', '9988-7766', '99887766\n', ' 99887766', '9988776a', '+99887766', '٩٩٨٨٧٧٦٦', '９９８８７７６６', '1e8', '0x1234567'],
      false,
    );
  });
});

describe('mobile_country_code', () => {
  it('is made of digits', () => {
    each('mobile_country_code', ['55', '65', '91'], true);
    each('mobile_country_code', ['', '+55', 'BR', '5 5', '55 ', '5-5', '55\n', '12345'], false);
  });
});

for (const field of ['first_name', 'last_name'] as const) {
  describe(field, () => {
    const allowed = [...LETTERS_AND_DIGITS, '(', ')', '.', '-', '_'];

    it('accepts letters, digits and ( ) . - _ alone, at its ends and inside', () => {
      for (const character of allowed) each(field, [character, `${character}ab`, `a${character}b`, `ab${character}`], true);
    });

    it('refuses any other printable character, TAB and LF, wherever they stand', () => {
      for (const character of [...PRINTABLE.filter((other) => !allowed.includes(other)), '\t', '\n', '\r', '\0'])
        each(field, [character, `${character}ab`, `a${character}b`, `ab${character}`], false);
    });

    it('has 1 to 64 characters', () => {
      each(field, ['a', 'a'.repeat(64)], true);
      each(field, ['', 'a'.repeat(65)], false);
    });
  });
}

describe('email_address', () => {
  const allowed = [...LETTERS_AND_DIGITS, ..."!#$%&'*+-/=?^_.{|}~`"];

  it('accepts every documented character in the local part, and all but _ and . at its edges', () => {
    for (const character of allowed) {
      each('email_address', [`a${character}b@example.com`], true);
      each('email_address', [`${character}@example.com`, `${character}ab@example.com`, `ab${character}@example.com`], !['_', '.'].includes(character));
    }
  });

  it('refuses any other printable character, blank, TAB and LF, on both sides of the @', () => {
    for (const character of [...PRINTABLE.filter((other) => !allowed.includes(other) && other !== '@'), '\t', '\n'])
      each(
        'email_address',
        [`${character}ab@example.com`, `a${character}b@example.com`, `ab${character}@example.com`, `ab@exa${character}mple.com`, `ab@example.com${character}`],
        false,
      );
  });

  it('has an @ with something on each side', () => {
    each('email_address', ['', '@', 'a', 'a@', '@b', 'example.com', 'a@b@'], false);
    each('email_address', ['a@b', 'a@example.com'], true);
  });

  it('refuses what is forbidden in every reading of what is open', () => {
    const lenient = { ...REFERENCE.addressReading, domainStart: '._', domainEnd: '._', severalAt: true, domainSpecials: true, nonAscii: true, control: true };
    for (const value of [
      'a b@example.com',
      'ab@exam ple.com',
      'a(b@example.com',
      'ab@example.com\n',
      'a\tb@example.com',
      '.a@example.com',
      'a_@example.com',
      'a@',
      '@b',
      'a',
    ])
      expect(right('email_address', value, { addressReading: lenient }), JSON.stringify(value)).to.equal(false);
    for (const value of ['a@_b', 'a@b.', 'a@b@c', 'a@b!c', 'é@b', 'a\u0001@b'])
      expect(right('email_address', value, { addressReading: lenient }), JSON.stringify(value)).to.equal(true);
  });
});

describe('problems', () => {
  const fields = (values: Record<string, string>): Fields => new Map(Object.entries(values));

  it('are that the reference and the mobile number are missing, and nothing else is', () => {
    expect(findProblems(fields({}), REFERENCE)).to.deep.equal([
      { field: 'object_reference_id', kind: 'missing' },
      { field: 'mobile_number', kind: 'missing' },
    ]);
    expect(findProblems(fields({ object_reference_id: 'cust_123489', mobile_number: '987654321' }), REFERENCE)).to.deep.equal([]);
  });

  it('name each field that is wrong', () => {
    expect(
      findProblems(fields({ object_reference_id: 'short', mobile_number: '', first_name: ' ', 'options.get_client_auth_token': 'yes' }), REFERENCE),
    ).to.deep.equal([
      { field: 'object_reference_id', kind: 'invalid' },
      { field: 'mobile_number', kind: 'invalid' },
      { field: 'first_name', kind: 'invalid' },
      { field: 'options.get_client_auth_token', kind: 'invalid' },
    ]);
  });
});

describe('values that are kept', () => {
  it('are the ones that were sent, character for character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(keptValues(new Map([['object_reference_id', value]]), REFERENCE)).to.deep.equal({ object_reference_id: value });
      }),
    );
  });

  it('lack an empty one where empty means unsent', () => {
    const behaviour = { ...REFERENCE, whenEmpty: { ...REFERENCE.whenEmpty, first_name: 'unsent', last_name: 'kept' } } as const;
    expect(
      keptValues(
        new Map([
          ['first_name', ''],
          ['last_name', ''],
        ]),
        behaviour,
      ),
    ).to.deep.equal({ last_name: '' });
  });
});
