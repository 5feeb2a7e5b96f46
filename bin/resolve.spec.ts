import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './errors.js';
import type { Labels, RunOptions } from './options.js';
import { resolvePlan, type Plan } from './resolve.js';

const KEY = 'Key1234567890abcdef';
const environment = { CONFORM_API_KEY: KEY, SECOND_KEY: 'Second1234567890', EMPTY_KEY: '', COLON_KEY: `${KEY}:`, BLANK_KEY: 'two words' };
const target = { url: 'http://127.0.0.1:9', merchantId: 'acme' } as const;

const plan = (options: RunOptions, labels: Labels = {}, variables: Record<string, string | undefined> = environment): Promise<Plan> =>
  resolvePlan(options, { labels, environment: variables });

const refusal = async (...given: Parameters<typeof plan>): Promise<string> => {
  const error: unknown = await plan(...given).catch((reason: unknown) => reason);
  if (!(error instanceof UsageError)) return expect.fail(`not refused: ${JSON.stringify(error)}`);
  return error.message;
};

describe('a plan without a URL', () => {
  it('is about the embedded reference, at the pace of this machine', async () => {
    const { target: none, config, formats, notes } = await plan({});
    expect(none).to.equal(undefined);
    expect(config).to.deep.include({ rules: ['*'], budget: 'standard', concurrency: 16, timeoutMs: 10_000, failOn: 'must' });
    expect(config).to.not.have.any.keys('ratePerSecond', 'maxRequests');
    expect([formats, notes]).to.deep.equal([['json', 'junit', 'html'], []]);
  });

  it('has a seed of its own each time', async () => {
    const seeds = await Promise.all(Array.from({ length: 5 }, async () => (await plan({})).config.seed));
    expect(new Set(seeds).size).to.be.above(1);
  });

  it('refuses flags that only go with a target, and leaves alone what the environment has for other runs', async () => {
    expect(await refusal({ merchantId: 'acme' }, { merchantId: '--merchant-id' })).to.match(/^--merchant-id: it goes with a target, and no URL was given\./);
    expect(await plan({ merchantId: 'acme' }, { merchantId: 'CONFORM_MERCHANT_ID' })).to.not.have.property('target');
  });
});

describe('a plan with a URL', () => {
  it('takes the key from the environment and goes gently on machines elsewhere', async () => {
    const here = await plan(target);
    expect(here.target).to.deep.equal({ url: 'http://127.0.0.1:9', apiKey: KEY, merchantId: 'acme', embedded: false });
    expect(here.config.concurrency).to.equal(16);
    const elsewhere = await plan({ ...target, url: 'https://sandbox.example.com' });
    expect(elsewhere.config).to.deep.include({ concurrency: 4, ratePerSecond: 10 });
    expect((await plan({ ...target, url: 'https://sandbox.example.com', rate: 50, concurrency: 8 })).config).to.deep.include({
      concurrency: 8,
      ratePerSecond: 50,
    });
  });

  it('keeps a path in front of /customers, and no slash at its end', async () => {
    expect((await plan({ ...target, url: 'https://sandbox.example.com/juspay/v2/' })).target?.url).to.equal('https://sandbox.example.com/juspay/v2');
    expect((await plan({ ...target, url: 'http://localhost:8080/' })).target?.url).to.equal('http://localhost:8080');
  });

  it('says what is odd about it before anything is sent', async () => {
    expect((await plan({ ...target, url: 'http://sandbox.example.com' })).notes[0]).to.include('without TLS');
    expect((await plan({ ...target, url: 'http://127.0.0.1:9/customers/' })).notes[0]).to.include('/customers/customers');
  });

  for (const [url, message] of [
    ['sandbox.juspay.in', /is no URL\. Wanted a URL such as/],
    ['127.0.0.1:8080', /is no URL\. Wanted|is neither http nor https/],
    ['ftp://sandbox.example.com', /is neither http nor https/],
    ['https://sandbox.example.com?x=1', /has a query/],
    ['https://sandbox.example.com/?', /has a query/],
    ['https://sandbox.example.com/#top', /has a fragment/],
    ['https://api.juspay.in', /is production: .* --allow-production/],
    ['https://API.JUSPAY.IO./v2', /is production/],
    ['http://api.juspay.io:8080', /is production/],
  ] as const) {
    it(`${url} is refused`, async () => {
      expect(await refusal({ ...target, url }, { url: '--url' }))
        .to.match(/^--url: /)
        .and.to.match(message);
    });
  }

  it('is let into production by the one option for it', async () => {
    expect((await plan({ ...target, url: 'https://api.juspay.in', allowProduction: true })).target?.url).to.equal('https://api.juspay.in');
  });

  it('needs a merchant id that can be sent', async () => {
    expect(await refusal({ url: target.url })).to.equal('A target needs a merchant id: give --merchant-id, or set CONFORM_MERCHANT_ID.');
    expect(await refusal({ ...target, merchantId: 'a\nb' })).to.include('cannot be sent in a header');
  });
});

describe('the API key', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-key-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('can come from another variable, or from a file with or without a newline at its end', async () => {
    expect((await plan({ ...target, apiKeyEnv: 'SECOND_KEY' })).target?.apiKey).to.equal('Second1234567890');
    for (const text of [KEY, `${KEY}\n`, `${KEY}\r\n`]) {
      await writeFile(join(folder, 'key'), text);
      expect((await plan({ ...target, apiKeyFile: join(folder, 'key') })).target?.apiKey).to.equal(KEY);
    }
  });

  it('is refused where it is missing, empty or unreadable', async () => {
    expect(await refusal(target, {}, {}))
      .to.include('the environment variable CONFORM_API_KEY is not set.')
      .and.to.include('--api-key-file');
    expect(await refusal({ ...target, apiKeyEnv: 'EMPTY_KEY' })).to.include('the environment variable EMPTY_KEY is empty.');
    expect(await refusal({ ...target, apiKeyFile: join(folder, 'none') })).to.match(/cannot be read \(ENOENT/);
    expect(await refusal({ ...target, apiKeyFile: folder })).to.match(/cannot be read \(EISDIR/);
    expect(await refusal({ ...target, apiKeyFile: 'a', apiKeyEnv: 'B' })).to.include('were both given');
  });

  it('is refused where it cannot be one', async () => {
    expect(await refusal({ ...target, apiKeyEnv: 'COLON_KEY' })).to.include('has a colon in it');
    expect(await refusal({ ...target, apiKeyEnv: 'BLANK_KEY' })).to.include('has blanks');
  });

  it('is in no message, wherever it was put by mistake', async () => {
    const secret = '1D6AL0123456789ABCDEF0123456789A';
    const mistakes: RunOptions[] = [
      { ...target, apiKeyEnv: secret },
      { ...target, apiKeyEnv: secret.toLowerCase() },
      { ...target, secondMerchant: `other:${secret}` },
      { ...target, secondMerchant: secret },
      { ...target, url: `https://${secret}:@sandbox.example.com` },
      { ...target, url: `https://user:${secret}@sandbox.example.com` },
      { ...target, url: `htps//${secret}:@sandbox.example.com` },
      { ...target, apiKeyEnv: 'COLON_KEY' },
    ];
    for (const options of mistakes) {
      const message = await refusal(options);
      expect(message.toLowerCase(), message).to.not.include(secret.toLowerCase());
      expect(message).to.not.include(KEY);
    }
    expect(await refusal({ ...target, url: `https://${secret}:@sandbox.example.com` })).to.include('has credentials in it');
  });
});

describe('a second merchant', () => {
  it('has an id and a variable with its key', async () => {
    expect((await plan({ ...target, secondMerchant: 'other:SECOND_KEY' })).target?.secondMerchant).to.deep.equal({
      merchantId: 'other',
      apiKey: 'Second1234567890',
    });
  });

  it('is refused where either is missing, or it is the first again', async () => {
    for (const secondMerchant of ['other', ':SECOND_KEY', 'other:']) expect(await refusal({ ...target, secondMerchant })).to.include('wanted ID:KEYENV');
    expect(await refusal({ ...target, secondMerchant: 'other:NO_SUCH_KEY' })).to.include('NO_SUCH_KEY is not set');
    expect(await refusal({ ...target, secondMerchant: 'acme:SECOND_KEY' })).to.include('it is the first merchant again');
  });
});

describe('pinned readings', () => {
  const pin = (rule: string, reading: string): RunOptions => ({ readings: { [rule]: { 'application/json': reading } } });

  it('are taken over for open rules', async () => {
    expect((await plan(pin('content-type/json', 'refused'))).config.readings).to.deep.equal({ 'content-type/json': { 'application/json': 'refused' } });
  });

  it('are refused for a rule that is none or not open, and for a reading that is none', async () => {
    expect(await refusal(pin('content-type/jsn', 'refused'))).to.include('Did you mean content-type/json?');
    expect(await refusal(pin('first_name/charset', 'refused'))).to.include('first_name/charset is no open rule');
    expect(await refusal(pin('content-type/json', 'refuse'))).to.include('got "refuse", wanted one of accepted, refused. Did you mean refused?');
  });
});
