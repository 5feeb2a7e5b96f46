import { expect } from 'chai';
import type { Finding, Run } from '../../contracts/finding.js';
import { STATEMENTS } from '../../contracts/document.js';
import { RULES } from '../../contracts/rules/index.js';
import { serveClient } from './index.js';
import { ask, basic, form, reference, type Sent, type Served } from './sender.spec-help.js';
import { TITLES } from './titles.js';

/** What is found of a client that sends these. */
async function judged(...requests: readonly ((served: Served) => Sent)[]): Promise<Run> {
  const api = await serveClient();
  for (const request of requests) await ask(api, request(api));
  return api.report();
}

const found = (run: Run): Record<string, string> =>
  Object.fromEntries(run.findings.filter(({ verdict }) => !['pass', 'skipped'].includes(verdict)).map(({ ruleId, verdict }) => [ruleId, verdict]));
const findingOf = (run: Run, ruleId: string): Finding => run.findings.find((finding) => finding.ruleId === ruleId) ?? expect.fail(`no finding for ${ruleId}`);
const fields = (changes: Readonly<Record<string, string | undefined>>) => (): Sent => ({ body: form(changes) });
const raw = (body: string | Buffer) => (): Sent => ({ body });
/** A body whose values stand in it as they are. */
const bare = (changes: Readonly<Record<string, string>>) => (): Sent => ({ body: decodeURIComponent(form(changes)) });
const start = (): string => `object_reference_id=${reference()}&mobile_number=987654321&email_address=ana%40example.com`;

type Case = readonly [what: string, request: (served: Served) => Sent, findings: Readonly<Record<string, string>>];

const WRONG: readonly Case[] = [
  ['no credential', () => ({ headers: { authorization: null } }), { 'credentials/form': 'fail' }],
  ['the key without the colon', ({ apiKey }) => ({ headers: { authorization: basic(apiKey) } }), { 'credentials/form': 'fail' }],
  ['a password that is not empty', ({ apiKey }) => ({ headers: { authorization: basic(`${apiKey}:secret`) } }), { 'credentials/form': 'fail' }],
  ['base64 with too much padding', ({ apiKey }) => ({ headers: { authorization: `${basic(`${apiKey}:`)}==` } }), { 'credentials/form': 'fail' }],
  ['another key', () => ({ headers: { authorization: basic('another_key_altogether:') } }), { 'credentials/key': 'fail' }],
  ['the key in front of no base64', ({ apiKey }) => ({ headers: { authorization: `Basic ${apiKey}` } }), { 'credentials/inside': 'fail' }],
  ['a bearer token', ({ apiKey }) => ({ headers: { authorization: basic(`${apiKey}:`).replace('Basic', 'Bearer') } }), { 'credentials/scheme': 'fail' }],
  ['the key in a query', ({ apiKey }) => ({ path: `/customers?key=${encodeURIComponent(apiKey)}` }), { 'credentials/form': 'warn' }],
  ['the key in another header', ({ apiKey }) => ({ headers: { 'x-api-key': basic(`${apiKey}:`) } }), { 'credentials/form': 'warn' }],
  ['the key in a field', ({ apiKey }) => ({ body: form({ api_key: apiKey }) }), { 'credentials/form': 'warn', 'encoding/unknown-fields': 'observed' }],
  ['no merchant', () => ({ headers: { 'x-merchantid': null } }), { 'merchant/header': 'fail' }],
  ['an empty merchant', () => ({ headers: { 'x-merchantid': '' } }), { 'merchant/header': 'fail' }],
  ["another's merchant id", () => ({ headers: { 'x-merchantid': 'merchant_id' } }), { 'merchant/header': 'fail' }],
  ['no content type', () => ({ headers: { 'content-type': null } }), { 'content-type/form': 'fail' }],
  ['a form that is called text', () => ({ headers: { 'content-type': 'text/plain' } }), { 'content-type/form': 'fail' }],
  [
    'a JSON body',
    () => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ object_reference_id: reference(), mobile_number: 987654321, email_address: 'a@example.com' }),
    }),
    { 'content-type/form': 'fail' },
  ],
  [
    'a JSON body under the type of a form',
    () => ({ body: JSON.stringify({ object_reference_id: reference(), mobile_number: '987654321', email_address: 'a@example.com', first_name: 'a b' }) }),
    { 'content-type/form': 'fail', 'first_name/charset': 'fail' },
  ],
  ['no reference', fields({ object_reference_id: undefined }), { 'object_reference_id/required': 'fail' }],
  ['an empty reference', fields({ object_reference_id: '' }), { 'object_reference_id/required': 'fail' }],
  ['a reference of 7 characters', fields({ object_reference_id: 'cust_12' }), { 'object_reference_id/length': 'fail' }],
  ['the word undefined as reference', fields({ object_reference_id: 'undefined' }), { 'object_reference_id/required': 'fail' }],
  ['the word null as name', fields({ first_name: 'null' }), { 'first_name/optional': 'warn' }],
  ['the word undefined as country code', fields({ mobile_country_code: 'undefined' }), { 'mobile_country_code/optional': 'warn' }],
  ['the word None as number', fields({ mobile_number: 'None' }), { 'mobile_number/required': 'warn' }],
  ['the word undefined as address', fields({ email_address: 'undefined' }), { 'email_address/absent': 'warn' }],
  ['no number', fields({ mobile_number: undefined }), { 'mobile_number/required': 'warn' }],
  ['a number with separators', fields({ mobile_number: '98765-4321' }), { 'mobile_number/digits': 'warn' }],
  ["a number in another script's digits", fields({ mobile_number: '९८७६५४३२१' }), { 'mobile_number/digits': 'warn' }],
  ['a number with a plus', fields({ mobile_number: '+987654321' }), { 'mobile_number/plus': 'warn' }],
  ['a number with its country code', fields({ mobile_number: '5511987654321' }), { 'mobile_number/plus': 'warn' }],
  ['a country code with a plus', fields({ mobile_country_code: '+55' }), { 'mobile_country_code/plus': 'warn' }],
  ['a country code in letters', fields({ mobile_country_code: 'BR' }), { 'mobile_country_code/digits': 'warn' }],
  ['a name with a blank', fields({ first_name: 'Ana Maria' }), { 'first_name/charset': 'fail' }],
  ['a name with a line end', fields({ last_name: 'Souza\n' }), { 'last_name/charset': 'fail' }],
  ['an address with a comma', fields({ email_address: 'ana,b@example.com' }), { 'email_address/charset': 'fail' }],
  ['an address that begins with a dot', fields({ email_address: '.ana@example.com' }), { 'email_address/local-edges': 'fail' }],
  ['an address without an @', fields({ email_address: 'ana.example.com' }), { 'email_address/separator': 'warn' }],
  ['an address that was encoded twice', raw(start().replace('%40', '%2540')), { 'email_address/separator': 'warn', 'encoding/percent-once': 'fail' }],
  [
    'a reference that was encoded twice',
    fields({ object_reference_id: 'ana%40example.com' }),
    { 'encoding/percent-once': 'warn', 'object_reference_id/characters': 'observed' },
  ],
  ['a name that was encoded twice', fields({ first_name: 'Jos%C3%A9' }), { 'encoding/percent-once': 'warn', 'first_name/charset': 'fail' }],
  ['a number that was encoded twice', fields({ mobile_number: '%2B5598765' }), { 'encoding/percent-once': 'warn', 'mobile_number/digits': 'warn' }],
  ['True for true', fields({ 'options.get_client_auth_token': 'True' }), { 'options.get_client_auth_token/true': 'fail' }],
  ['0 for false', fields({ 'options.get_client_auth_token': '0' }), { 'options.get_client_auth_token/false': 'fail' }],
  ['a field in the query', () => ({ path: '/customers?first_name=Ana' }), { 'encoding/unknown-fields': 'warn' }],
  ['a misspelt field', fields({ first_nme: 'Ana' }), { 'encoding/unknown-fields': 'warn' }],
  ['a field in camel case', fields({ firstName: 'Ana' }), { 'encoding/unknown-fields': 'warn' }],
  ['brackets for the dot', fields({ 'options[get_client_auth_token]': 'true' }), { 'encoding/unknown-fields': 'warn' }],
  ['a plus as it is where nothing is encoded', bare({ mobile_number: '+5598765432' }), { 'encoding/escaped-plus': 'fail', 'mobile_number/digits': 'warn' }],
  [
    'a plus as it is in an address where nothing is encoded',
    bare({ email_address: 'ana+shop@example.com' }),
    { 'encoding/escaped-plus': 'fail', 'email_address/charset': 'fail' },
  ],
  ...['ana+shop@example.com', '+5511987654321'].map((id): Case => [
    `the reference ${id} where nothing is encoded`,
    bare({ object_reference_id: id }),
    { 'encoding/escaped-plus': 'fail', 'object_reference_id/characters': 'observed' },
  ]),
  ['a number with a blank in front of it', fields({ mobile_number: ' 99887766' }), { 'mobile_number/digits': 'warn' }],
  ['an address with a blank', fields({ email_address: 'ana souza@example.com' }), { 'email_address/charset': 'fail' }],
  ['bytes beyond ASCII as they are', () => ({ body: `${start()}&first_name=José` }), { 'encoding/percent-once': 'fail', 'first_name/non-ascii': 'observed' }],
  ['a blank as it is', raw(`${start()}&first_name=Ana Maria`), { 'encoding/percent-once': 'fail', 'first_name/charset': 'fail' }],
  ['a percent sign as it is', raw(`${start()}&first_name=100%`), { 'encoding/percent-once': 'fail' }],
  ['bytes that are not UTF-8', raw(`${start()}&first_name=Jos%E9`), { 'encoding/utf-8': 'fail' }],
  [
    'fields joined by semicolons',
    raw(`object_reference_id=${reference()};mobile_number=1;email_address=`),
    {
      'encoding/semicolon': 'fail',
      'mobile_number/required': 'warn',
      'object_reference_id/characters': 'observed',
    },
  ],
];

const OPEN: readonly Case[] = [
  ['an escape that an address may hold', fields({ email_address: 'ana%2Bshop@example.com' }), { 'encoding/percent-once': 'observed' }],
  ['what only looks like joined fields, encoded', fields({ object_reference_id: 'shop;first_name=a' }), { 'object_reference_id/characters': 'observed' }],
  ['a blank in a reference', fields({ object_reference_id: 'ana souza@example.com' }), { 'object_reference_id/characters': 'observed' }],
  ['an unknown field', fields({ loyalty_tier: 'gold' }), { 'encoding/unknown-fields': 'observed' }],
  ['a repeated field', () => ({ body: `${start()}&first_name=Ana&first_name=Bia` }), { 'encoding/repeated': 'observed' }],
  ['a UUID as reference', fields({ object_reference_id: '8d2f6f3e-5a55-4f0e-9d0b-0c6a5f1f2a11' }), { 'object_reference_id/characters': 'observed' }],
  ['no address', fields({ email_address: undefined }), { 'email_address/absent': 'observed' }],
  ['a name outside ASCII', fields({ first_name: 'José' }), { 'first_name/non-ascii': 'observed' }],
  ['a number of 7 digits', fields({ mobile_number: '9876543' }), { 'mobile_number/other-lengths': 'observed' }],
  ['a number with a leading 0', fields({ mobile_number: '098765432' }), { 'mobile_number/leading-zero': 'observed' }],
  ['an unknown country code', fields({ mobile_country_code: '351' }), { 'mobile_country_code/unknown': 'observed' }],
  ['a domain without a dot', fields({ email_address: 'ana@localhost' }), { 'email_address/domain-without-dot': 'observed' }],
  ['a NUL', raw(`${start()}&first_name=a%00`), { 'encoding/nul': 'observed' }],
];

const RIGHT: readonly (readonly [what: string, request: (served: Served) => Sent])[] = [
  ['a plain create', () => ({})],
  ['every documented field', fields({ first_name: 'A.-_(b)', last_name: 'Null', mobile_country_code: '55', 'options.get_client_auth_token': 'true' })],
  ['the scheme in lower case', ({ apiKey }) => ({ headers: { authorization: basic(`${apiKey}:`).replace('Basic', 'basic') } })],
  ['a charset behind the media type', () => ({ headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' } })],
  ['a plus in an address, encoded', fields({ email_address: 'ana+shop@example.com' })],
  ['an @ as it is', raw(start().replace('%40', '@'))],
  ['an escape of a letter that is part of an address', fields({ email_address: 'ana%41@example.com' })],
  ['an address as reference', fields({ object_reference_id: 'ana.souza@example.com' })],
];

describe('requests of a client', () => {
  for (const [what, request] of RIGHT) {
    it(`${what} is right`, async () => {
      const run = await judged(request);
      expect(found(run)).to.deep.equal({});
      expect(run.exitCode).to.equal(0);
    });
  }

  for (const [what, request, findings] of [...WRONG, ...OPEN]) {
    it(`${what} is found`, async () => {
      const run = await judged(request);
      const { 'email_address/absent': absent, ...rest } = found(run);
      // Bodies that lack an address by their nature.
      expect(findings['email_address/absent'] === undefined ? rest : { ...rest, 'email_address/absent': absent }).to.deep.equal(findings);
      expect(run.exitCode, 'exit code').to.equal(Object.values(findings).includes('fail') ? 1 : 0);
    });
  }

  it('a blank that may have been a plus is told so', async () => {
    const plus = await judged(fields({ mobile_number: ' 99887766', email_address: 'ana souza@example.com' }));
    for (const id of ['mobile_number/digits', 'email_address/charset'])
      expect(findingOf(plus, id).got).to.match(/" " in it; a plus that is sent as it is reads as a blank/);
    const blank = await judged(raw(`${start()}&first_name=Ana%20Maria`));
    expect(findingOf(blank, 'first_name/charset').got).to.equal('" " in it');
  });

  it('a reference that is used again is found, and not where the first create was refused', async () => {
    const again = { object_reference_id: 'cust_again_1' };
    const twice = await judged(fields(again), fields(again));
    expect(found(twice)).to.deep.equal({ 'object_reference_id/unique': 'fail' });
    expect(findingOf(twice, 'object_reference_id/unique').got).to.include('request 1');
    const refused = await judged(fields({ ...again, first_name: 'a b' }), fields(again));
    expect(findingOf(refused, 'object_reference_id/unique').verdict).to.equal('pass');
  });

  it('a reference that is sent again because the answer broke off is right', async () => {
    const api = await serveClient({ script: [{ nth: 1, answer: 'reset-after-create' }] });
    const body = form();
    await ask(api, { body }).catch(() => undefined);
    expect((await ask(api, { body })).status).to.equal(400);
    expect(found(await api.report())).to.deep.equal({});
  });

  it('updates and reads are judged by what they send', async () => {
    const api = await serveClient();
    const { id } = JSON.parse((await ask(api)).text) as { id: string };
    await ask(api, { path: `/customers/${id}`, body: 'first_name=a+b' });
    await ask(api, { method: 'GET', path: `/customers/${id}`, headers: { 'x-merchantid': null } });
    expect(found(await api.report())).to.deep.equal({ 'merchant/header': 'fail', 'first_name/charset': 'fail' });
  });

  it('an id that no create returned is left open, and a word for no value in its place is found', async () => {
    const path = async (...paths: readonly string[]): Promise<Finding> => {
      const api = await serveClient();
      const body = form({ object_reference_id: 'cust_path_1' });
      const { id } = JSON.parse((await ask(api, { body })).text) as { id: string };
      for (const each of paths) await ask(api, { method: 'GET', path: `/customers/${each.replace('ID', id)}` });
      return findingOf(await api.report(), 'path/v2');
    };
    expect((await path('ID', 'cust_path_1')).verdict).to.equal('skipped');
    expect(await path('create')).to.deep.include({
      verdict: 'observed',
      reading: { 'the id in the path: no create of this run returned the id "create"': 'sent in 1 request, refused 404 here' },
    });
    for (const word of ['undefined', 'null', '[object%20Object]']) expect((await path(word)).verdict, word).to.equal('warn');
  });

  it('counts what was accepted', async () => {
    expect(
      (
        await judged(
          () => ({ path: '/customers/create' }),
          () => ({}),
        )
      ).client,
    ).to.include({ accepted: 1 });
    expect((await judged(() => ({ path: '/customers/create' }))).client).to.include({ accepted: 0 });
  });

  it('each offending request is in the finding: redacted, decoded, with the lines of the page', async () => {
    const secret = ({ apiKey }: Served): Sent => ({
      headers: { authorization: basic(`${apiKey}:hush`) },
      body: form({ first_name: 'a b', last_name: apiKey }),
    });
    const run = await judged(secret, () => ({}), secret);
    const finding = findingOf(run, 'first_name/charset');
    expect(finding.citation).to.deep.include({ statement: [28], lines: [STATEMENTS[27]?.lines] });
    expect(finding.offences?.map(({ exchange, value }) => [exchange.n, value])).to.deep.equal([
      [1, 'a b'],
      [3, 'a b'],
    ]);
    expect(finding.offences?.[0]?.exchange.note).to.include('first_name = "a b"').and.to.include('last_name = "${API_KEY}"');
    expect(findingOf(run, 'credentials/form').counterexample?.value).to.equal('Basic ${base64:${API_KEY}:hush}');
    const { apiKey } = await serveClient().then(async (api) => (await api.close(), api));
    expect(JSON.stringify(run)).not.to.include(apiKey);
  });

  it('requests elsewhere alone prove nothing', async () => {
    const run = await judged(() => ({ path: '/customer' }));
    expect(run).to.include({ status: 'blocked', exitCode: 2 });
    expect(run.blockedBy).to.include('POST /customer');
  });

  it('every title belongs to a rule', () => {
    const ids = new Set(RULES.map(({ id }) => id));
    expect(Object.keys(TITLES).filter((id) => !ids.has(id))).to.deep.equal([]);
  });
});
