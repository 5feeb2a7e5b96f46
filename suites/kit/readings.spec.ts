import { expect } from 'chai';
import { FIELDS as VALUES, MINE, observed, type Given } from './observed.spec-help.js';
import { passiveReadings } from './readings.js';

const readings = (given: Given): Record<string, string> =>
  Object.fromEntries(passiveReadings(observed(given)).map(({ question, name, reading }) => [`${question} ${name}`, reading]));

/** The fields of the sample but for some. */
const fieldsWithout = (...names: readonly string[]): readonly (readonly [string, string])[] =>
  Object.entries({ object_reference_id: MINE, ...VALUES }).filter(([name]) => !names.includes(name));

describe('readings of a customer that was created', () => {
  it('how dates are written, per member, and that nothing undocumented is there', () => {
    expect(readings({})).to.deep.equal({
      'response/date-format date_created': 'Z',
      'response/date-format last_updated': 'Z',
      'response/date-format juspay.client_auth_token_expiry': 'Z',
      'response/undocumented-members with a token: 99887766 mine@example.com John Smith 65 true': 'none',
    });
  });

  it('a fraction of a second is no reading of its own, what is no date has none', () => {
    const { 'response/date-format date_created': created, ...others } = readings({ members: { date_created: '2020-03-17T14:13:37.5+0000', last_updated: 7 } });
    expect(created).to.equal(readings({ members: { date_created: '2020-03-17T14:13:37+0000' } })['response/date-format date_created']);
    expect(Object.keys(others)).to.not.include('response/date-format last_updated');
  });

  it('what was not sent comes back as null, empty, not at all or, for the country code, as a default', () => {
    const unsent = (field: string, value: unknown): string | undefined =>
      readings({ draft: { fields: fieldsWithout(field) }, members: { [field]: value } })[`response/unsent ${field}`];
    expect([null, '', undefined, 'x'].map((value) => unsent('first_name', value))).to.deep.equal(['null', 'empty', 'absent', undefined]);
    expect([null, '', undefined, '91'].map((value) => unsent('mobile_country_code', value))).to.deep.equal(['null', 'empty', 'absent', 'default']);
    expect(readings({})).to.not.have.any.keys('response/unsent first_name', 'response/unsent mobile_country_code');
  });

  it('a value that is open comes back unchanged, normalised or empty, where the open case was asked for', () => {
    const echo = (sent: string, got: unknown, asked = true): string | undefined =>
      readings({
        draft: { fields: [...fieldsWithout('mobile_number'), ['mobile_number', sent]] },
        members: { mobile_number: got },
        intent: asked ? { question: { ruleId: 'mobile_number/plus', case: 'plus' } } : {},
      })['response/open-echo mobile_number: plus'];
    expect(echo('+987654321', '+987654321')).to.equal('unchanged');
    expect(echo('+987654321', '987654321')).to.equal('normalised');
    expect(echo('+987654321', null)).to.equal('empty');
    expect(echo('+987654321', 987654321)).to.equal('empty');
    expect(echo('987654321', '987654321'), 'a good value').to.equal(undefined);
    expect(echo('+987654321', '+987654321', false), 'not asked').to.equal(undefined);
  });

  it('members that no edition documents are the reading, by what was asked and left out; of odd requests nobody asks', () => {
    const undocumented = (given: Given): string[] =>
      Object.entries(readings(given)).flatMap(([key, reading]) => (key.startsWith('response/und') ? [key, reading] : []));
    const [same, reading] = undocumented({ members: { z: 1, a: 1 } });
    expect([same, reading]).to.deep.equal(['response/undocumented-members with a token: 99887766 mine@example.com John Smith 65 true', 'a, z']);
    const [other] = undocumented({ draft: { fields: [...fieldsWithout('first_name'), ['first_name', 'Mia']] } });
    expect(other, 'other values are another case').to.not.equal(same);
    const without = readings({ draft: { fields: fieldsWithout('options.get_client_auth_token', 'last_name') } });
    expect(Object.keys(without).filter((key) => key.startsWith('response/undocumented'))).to.deep.equal([
      'response/undocumented-members without a token, without last_name, options.get_client_auth_token: 99887766 mine@example.com John  65 ',
    ]);
    expect(Object.keys(readings({ intent: { good: false } })).filter((key) => key.startsWith('response/undocumented'))).to.deep.equal([]);
  });

  it('nothing is read from a body that was read in an open way, or that is no object', () => {
    expect(readings({ draft: { readingOpen: true } })).to.deep.equal({});
    expect(readings({ text: '[]' })).to.deep.equal({});
    expect(readings({ intent: { create: false } })).to.deep.equal({});
  });
});

describe('readings of a refusal', () => {
  const refusal = (body: unknown, offence: NonNullable<Given['intent']>['offence'] = 'invalid', status = 400): Record<string, string> =>
    readings({
      text: JSON.stringify(body),
      status,
      intent: { ruleId: 'first_name/charset', note: 'blank inside', ...(offence === undefined ? {} : { offence }), good: false },
    });

  it('its form, which documented body it is, and its texts', () => {
    expect(refusal({ status: 'Invalid Request', error_code: 'Invalid Request', error_info: { code: 'INVALID_INPUT' } })).to.deep.equal({
      'error/form first_name/charset: blank inside': 'with error_info',
      'error/invalid-body first_name/charset: blank inside': 'sea',
      'error/texts first_name/charset: blank inside': '400 · Invalid Request · Invalid Request · INVALID_INPUT',
    });
    expect(refusal({ status: 'Bad Request', error_code: 'x', error_info: null })['error/form first_name/charset: blank inside']).to.equal('flat');
    expect(refusal({ error_code: 7 })['error/texts first_name/charset: blank inside']).to.equal('400');
  });

  const bodies: readonly (readonly [body: object, reading: string])[] = [
    [{ error_code: 'Mandatory fields are missing' }, 'page'],
    [{ error_code: 'unique', error_info: {} }, 'sea'],
    [{ error_code: 'access_denied', error_info: {} }, 'sea'],
    [{ error_code: 'object_not_found', error_info: {} }, 'sea'],
    [{ error_code: 'unique' }, 'v2'],
    [{ error_code: 'nullable' }, 'v2'],
    [{ error_code: 'missing_authentication' }, 'v2'],
    [{ error_code: 'access_denied' }, 'other'],
    [{ error_code: 'nullable', error_info: {} }, 'other'],
    [{}, 'other'],
  ];
  for (const [body, reading] of bodies) {
    it(`${JSON.stringify(body)} is the documented body ${reading}`, () => {
      expect(refusal(body)['error/invalid-body first_name/charset: blank inside']).to.equal(reading);
    });
  }

  it('per kind of refusal; without an offence, or without an object, nothing is read', () => {
    expect(Object.keys(refusal({}, 'missing'))).to.include('error/missing-body first_name/charset: blank inside');
    expect(Object.keys(refusal({}, 'unknown-customer', 404))).to.include('error/unknown-customer-body first_name/charset: blank inside');
    expect(refusal({}, 'unknown-customer')).to.deep.equal({});
    expect(readings({ text: '{}', status: 400 })).to.deep.equal({});
    expect(refusal('text')).to.deep.equal({});
  });
});
