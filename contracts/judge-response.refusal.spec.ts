import { expect } from 'chai';
import { parseJson } from './json.js';
import { judgeResponse, type JudgedResponse, type ResponseJudgement } from './judge-response.js';
import { fieldsNamed } from './named-fields.js';
import { FIELDS, type FieldName, type ResponseCheck } from './model.js';
import { memory, refusal, refusalFor, sentValues } from './samples.spec-help.js';

type Outcome = ResponseJudgement['outcome'];
type Row<T> = readonly [what: string, of: T, outcome: Outcome];

const outcome = (check: ResponseCheck, of: JudgedResponse): Outcome => judgeResponse(check, of, memory()).outcome;

describe('judge-response: the fields that a refusal names', () => {
  const camel = (field: string): string => field.replaceAll(/[._](\w)/g, (_all, letter: string) => letter.toUpperCase());
  const forms: Readonly<Record<string, (field: string) => string>> = {
    'as on the wire': (field) => field,
    'in camel case': camel,
    'in camel case with a capital': (field) => camel(`_${field}`),
    'in words': (field) => field.replaceAll(/[._]/g, ' '),
    'in words with a capital': (field) => field.replaceAll(/[._]/g, ' ').replace(/^./, (letter) => letter.toUpperCase()),
    'in capitals': (field) => field.toUpperCase(),
    'with dots': (field) => field.replaceAll('_', '.'),
  };
  for (const [how, form] of Object.entries(forms)) {
    it(`a name ${how} is found, alone, in a sentence, and in a list`, () => {
      for (const field of FIELDS) {
        const name = form(field);
        expect(fieldsNamed({ error_message: name }, []), name).to.deep.equal([field]);
        expect(fieldsNamed({ error_message: `Wrong value in [${name}].` }, []), `a sentence with ${name}`).to.deep.equal([field]);
        expect(fieldsNamed({ error_info: { fields: [{ field_name: name, reason: 'x' }] } }, []), `a list with ${name}`).to.deep.equal([field]);
      }
    });
  }

  const rows: readonly (readonly [what: string, body: unknown, sent: readonly string[], named: readonly FieldName[]])[] = [
    ['no field', { error_message: 'Something is wrong.' }, [], []],
    ['a part of a name', { error_message: 'The mobile is wrong, and so is the name or the number.' }, [], []],
    ['a longer word', { error_message: 'first_names and last_name7' }, [], []],
    ['a word with more in front', { error_message: 'xlast_name, 7first_name' }, [], []],
    ['two fields', { error_message: 'first_name and last_name' }, [], ['first_name', 'last_name']],
    ['a list before the text', { error_message: 'last_name', error_info: { fields: [{ field_name: 'first_name' }] } }, [], ['first_name']],
    ['a list without documented names, and the text', { error_message: 'last_name', error_info: { fields: [{ field_name: 'body' }] } }, [], ['last_name']],
    ['an empty list, and the text', { error_message: 'last_name', error_info: { fields: [] } }, [], ['last_name']],
    ['a list that is none', { error_message: 'last_name', error_info: { fields: 'first_name' } }, [], ['last_name']],
    ['messages for users and developers', { error_info: { user_message: 'first name', developer_message: 'lastName' } }, [], ['first_name', 'last_name']],
    ['the code', { error_code: 'INVALID_FIRST_NAME' }, [], ['first_name']],
    ['a value that was sent and comes back in the text', { error_message: 'Wrong value last_name in first_name' }, ['last_name'], ['first_name']],
    ['a longer value that has a name in it', { error_message: "'my last_name!' is no first_name" }, ['last', 'my last_name!'], ['first_name']],
    ['a value of which another value is the end', { error_message: "'first_name of me' for last_name" }, ['of me', 'first_name of me'], ['last_name']],
    ['other members', { hint: 'first_name', fields: ['last_name'] }, [], []],
    ['members that are no texts', { error_message: { field: 'first_name' }, status: 400 }, [], []],
    ['no object', ['first_name'], [], []],
    ['no JSON', undefined, [], []],
  ];
  for (const [what, body, sent, named] of rows) {
    it(`${what}: ${named.join(', ') || 'none'}`, () => {
      const value = body === undefined ? undefined : parseJson(Buffer.from(JSON.stringify(body))).value;
      expect(fieldsNamed(value, sent)).to.have.members([...named]);
    });
  }

  const invalid = refusalFor('invalid');
  const judged: readonly Row<{ members: Record<string, unknown>; atFault: readonly FieldName[] }>[] = [
    ['the field at fault', { members: {}, atFault: ['mobile_number'] }, 'holds'],
    ['one of several at fault', { members: {}, atFault: ['first_name', 'mobile_number'] }, 'holds'],
    ['only another', { members: {}, atFault: ['first_name'] }, 'broken'],
    ['another beside it', { members: { error_info: undefined, error_message: 'first_name, mobile_number' }, atFault: ['first_name'] }, 'holds'],
    ['none', { members: { error_info: undefined, error_message: 'Something is wrong.' }, atFault: ['first_name'] }, 'holds'],
    ['a field where none is at fault', { members: {}, atFault: [] }, 'not-applicable'],
  ];
  for (const [what, { members, atFault }, expected] of judged) {
    it(`a refusal that names ${what}: ${expected}`, () => {
      expect(outcome({ kind: 'names-field' }, refusal(invalid, { members }, { atFault }))).to.equal(expected);
    });
  }

  /** Texts of refusals for a field, and whether they name others only. */
  const sentences: readonly (readonly [FieldName, string, Outcome])[] = [
    ['object_reference_id', "The customer's id is needed: an email address, a mobile number or an auto increment id", 'holds'],
    ['mobile_country_code', 'Invalid country code for the mobile number', 'holds'],
    ['mobile_number', 'The number does not fit the mobile country code', 'holds'],
    ['email_address', 'Your e-mail does not go with the first name', 'holds'],
    ['last_name', 'A surname is wanted beside the first name', 'holds'],
    ['mobile_number', 'Invalid mobile country code', 'broken'],
    ['mobile_country_code', 'Invalid mobile number', 'broken'],
    ['first_name', 'Last name is invalid', 'broken'],
    ['email_address', 'Wrong value in Mobile Number', 'broken'],
    // A name as the wire or a program has it is meant as one.
    ['mobile_number', 'Wrong value in mobile_country_code. Please give a number.', 'broken'],
    ['mobile_number', 'mobileCountryCode: not a number', 'broken'],
  ];
  for (const [field, text, expected] of sentences) {
    it(`for ${field}, ${JSON.stringify(text)}: ${expected}`, () => {
      const of = refusal(invalid, { members: { error_info: undefined, error_message: text } }, { atFault: [field] });
      expect(outcome({ kind: 'names-field' }, of)).to.equal(expected);
    });
  }

  it('the value that was refused is not taken for a name', () => {
    const of = refusal(
      invalid,
      { members: { error_info: undefined, error_message: 'Wrong value last_name' } },
      { atFault: ['first_name'], sent: sentValues({ first_name: 'last_name' }) },
    );
    expect(outcome({ kind: 'names-field' }, of)).to.equal('holds');
  });
});

describe('judge-response: error_info', () => {
  const invalid = refusalFor('invalid');
  const rows: readonly (readonly [what: string, members: Record<string, unknown>, info: Outcome, fields: Outcome])[] = [
    ['as documented', {}, 'holds', 'holds'],
    ['absent', { error_info: undefined }, 'not-applicable', 'not-applicable'],
    ['null', { error_info: null }, 'not-applicable', 'not-applicable'],
    ['a text', { error_info: 'INVALID_INPUT' }, 'broken', 'not-applicable'],
    ['without a category', { 'error_info.category': undefined }, 'broken', 'holds'],
    ['with a number for a code', { 'error_info.code': 17 }, 'broken', 'holds'],
    ['with a null for a message', { 'error_info.user_message': null }, 'broken', 'holds'],
    ['without fields', { 'error_info.fields': undefined }, 'holds', 'broken'],
    ['with no field', { 'error_info.fields': [] }, 'holds', 'broken'],
    ['with another field', { 'error_info.fields': [{ field_name: 'first_name', reason: 'x' }] }, 'holds', 'broken'],
    ['with a field without a reason', { 'error_info.fields': [{ field_name: 'mobile_number' }] }, 'holds', 'broken'],
    ['with names instead of objects', { 'error_info.fields': ['mobile_number'] }, 'holds', 'broken'],
    ['with an object instead of a list', { 'error_info.fields': { field_name: 'mobile_number', reason: 'x' } }, 'holds', 'broken'],
    [
      'with more fields than the one at fault',
      {
        'error_info.fields': [
          { field_name: 'first_name', reason: 'x' },
          { field_name: 'mobileNumber', reason: 'y' },
        ],
      },
      'holds',
      'holds',
    ],
  ];
  for (const [what, members, info, fields] of rows) {
    it(`${what}: its texts ${info}, its fields ${fields}`, () => {
      const of = refusal(invalid, { members });
      expect(outcome({ kind: 'error-info' }, of), 'texts').to.equal(info);
      expect(outcome({ kind: 'error-info-fields' }, of), 'fields').to.equal(fields);
    });
  }
});
