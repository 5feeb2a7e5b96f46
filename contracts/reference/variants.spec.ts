import { Agent, get } from 'node:http';
import { expect } from 'chai';
import { TOPICS, WITHOUT_CROWDS } from './battery.fixture.js';
import { observer } from './observer.fixture.js';
import { OPEN_QUESTIONS } from './open-questions.fixture.js';
import { exchange, form, freshReference, members } from './client.fixture.js';
import { startReference, type Reference } from './server.js';
import { combineVariants, goTogether, packVariants, VARIANTS } from './variants.js';

/** Every open question, by the id that the rules have for it. */
const OPEN_RULES = [
  ...['password', 'colon', 'base64'].map((aspect) => `credentials/${aspect}`),
  ...['absent', 'characters', 'other'].map((aspect) => `merchant/${aspect}`),
  'path/v2',
  ...['json', 'other', 'absent'].map((aspect) => `content-type/${aspect}`),
  ...['characters', 'max-length', 'length-unit', 'letter-case', 'edge-blanks', 'normal-form'].map((aspect) => `object_reference_id/${aspect}`),
  ...['plus', 'leading-zero', 'other-lengths'].map((aspect) => `mobile_number/${aspect}`),
  ...[
    'domain-edges',
    'several-at',
    'two-dots',
    'domain-specials',
    'domain-without-dot',
    'label-hyphens',
    'non-ascii',
    'control',
    'max-length',
    'empty',
    'absent',
  ].map((aspect) => `email_address/${aspect}`),
  ...['non-ascii', 'control', 'empty', 'max-length'].flatMap((aspect) => [`first_name/${aspect}`, `last_name/${aspect}`]),
  ...['plus', 'unknown', 'long', 'empty'].map((aspect) => `mobile_country_code/${aspect}`),
  'options.get_client_auth_token/other-values',
  ...['repeated', 'unknown-fields', 'malformed-escape', 'invalid-utf-8', 'nul'].map((aspect) => `encoding/${aspect}`),
  ...['unsent', 'open-echo', 'date-format', 'undocumented-members'].map((aspect) => `response/${aspect}`),
  ...['form', 'texts', 'missing-body', 'invalid-body', 'duplicate-body', 'credential-body', 'unknown-customer-body', 'address-refused', 'throttling'].map(
    (aspect) => `error/${aspect}`,
  ),
  ...['read-by-reference', 'read-token', 'read-delay'].map((aspect) => `customers/${aspect}`),
];

/** Runs with a reference that is closed afterwards. */
export async function withReference<T>(variants: readonly string[], run: (reference: Reference) => Promise<T>): Promise<T> {
  const reference = await startReference({ variants });
  try {
    return await run(reference);
  } finally {
    await reference.close();
  }
}

describe('legal variants', () => {
  it('each have a name of their own', () => {
    const names = VARIANTS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
  });

  it('take a reading of every open question', () => {
    const taken = new Set(VARIANTS.map(({ rule }) => rule));
    expect(OPEN_RULES.filter((rule) => !taken.has(rule))).to.deep.equal([]);
  });

  for (const { name, blocks } of VARIANTS) {
    it(blocks === true ? `${name}: a safe request is not let in` : `${name}: a safe request is accepted and echoed`, () =>
      withReference([name], async (reference) => {
        const object_reference_id = freshReference();
        const answer = await exchange(reference, { body: form({ object_reference_id, 'options.get_client_auth_token': 'true' }) });
        expect(answer.status, answer.text).to.equal(blocks === true ? 403 : 200);
        if (blocks === true) return;
        expect(members(answer)).to.include({
          object: 'customer',
          object_reference_id,
          mobile_number: '987654321',
          email_address: 'john.smith@example.com',
          first_name: 'John',
          last_name: 'Smith',
          mobile_country_code: '55',
        });
        expect(members(answer)['juspay']).to.have.keys('client_auth_token', 'client_auth_token_expiry');
      }),
    );

    it(`${name}: a name with a bad character, an absent number and a duplicate are refused`, () =>
      withReference([name], async (reference) => {
        const body = form();
        const [, ...answers] = [
          await exchange(reference, { body }),
          await exchange(reference, { body }),
          await exchange(reference, { body: form({ first_name: 'J/n' }) }),
          await exchange(reference, { body: form({ mobile_number: null }) }),
        ];
        expect(answers.map(({ status }) => status)).to.deep.equal(blocks === true ? [403, 403, 403] : [400, 400, 400]);
        for (const answer of answers) expect(members(answer)).to.have.property('error_message').that.is.a('string');
      }));
  }
});

/** Freedoms of the wire that the battery, which looks at answers, leaves out. */
const UNSEEN = [
  ...[
    'header-names-lower-case',
    'header-names-upper-case',
    'connection-closed',
    'keep-alive-one-second',
    'no-date-header',
    'slow',
    'uneven',
    'answers-in-two-pieces',
    'clock-a-day-slow',
  ],
];

describe('a legal variant', () => {
  // The topic that is made for it comes first: it mostly suffices.
  const topics = [OPEN_QUESTIONS, ...TOPICS.slice(0, WITHOUT_CROWDS)];
  const expected: (readonly string[])[] = [];
  before(() =>
    withReference([], async (reference) => {
      const watched = observer(reference);
      for (const topic of topics) expected.push(await topic.observe(watched));
    }),
  );

  for (const { name } of VARIANTS.filter((variant) => !UNSEEN.includes(variant.name) && !variant.name.startsWith('throttled'))) {
    it(`${name}: answers something otherwise than the reference`, async function () {
      this.timeout(20_000);
      await withReference([name], async (reference) => {
        const watched = observer(reference);
        for (const [index, topic] of topics.entries()) {
          const seen = await topic.observe(watched);
          if (seen.some((text, at) => text !== expected[index]?.[at])) return;
        }
        expect.fail('no request of the battery is answered otherwise');
      });
    });
  }

  it('that throttles answers one in so many with 429', async () => {
    for (const { name } of VARIANTS.filter((variant) => variant.name.startsWith('throttled')))
      await withReference([name], async (reference) => {
        const statuses: number[] = [];
        for (let sent = 0; sent < 150; sent += 1) statuses.push((await exchange(reference, { method: 'GET' })).status);
        expect(statuses.filter((status) => status === 429).length, name).to.equal(1);
      });
  });

  it('of the wire shows in the header lines', async () => {
    const lines = (name: string): Promise<readonly string[]> =>
      withReference([name], (reference) => rawHeaders(reference).then((raw) => raw.filter((_, index) => index % 2 === 0)));
    expect(await lines('header-names-lower-case')).to.include('content-type');
    expect(await lines('header-names-upper-case')).to.include('CONTENT-TYPE');
    expect(await lines('no-date-header')).not.to.include('Date');
    expect(await withReference(['connection-closed'], rawHeaders)).to.include('close');
    expect(await withReference(['keep-alive-one-second'], rawHeaders)).to.include('timeout=1');
  });

  it('of the clock has its dates and its Date header a day behind', () =>
    withReference(['clock-a-day-slow'], async (reference) => {
      const answer = await exchange(reference, { body: form() });
      const [header, created] = [Date.parse(answer.headers.date ?? ''), Date.parse(String(members(answer)['date_created']))];
      expect(Date.now() - header).to.be.within(86_399_000, 86_403_000);
      expect(Math.abs(header - created)).to.be.lessThan(2_000);
    }));
});

/** Names and values of the header lines of an answer, alternating. */
function rawHeaders(reference: Reference): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: true });
    get(`${reference.url}/customers`, { agent }, (answer) => {
      answer.resume();
      answer.on('end', () => {
        agent.destroy();
        resolve(answer.rawHeaders);
      });
    }).on('error', reject);
  });
}

describe('combined variants', () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);

  it('are the same for the same seed', () => {
    for (const seed of seeds) expect(combineVariants(seed)).to.deep.equal(combineVariants(seed));
  });

  it('answer each question once, and let requests in', () => {
    for (const seed of seeds) {
      const names = combineVariants(seed);
      const chosen = VARIANTS.filter(({ name }) => names.includes(name));
      const wrong = chosen.flatMap((one) =>
        chosen.filter((other) => one !== other && !goTogether(one, other)).map((other) => `${one.name} with ${other.name}`),
      );
      expect(wrong, `seed ${seed}`).to.deep.equal([]);
      expect(
        chosen.filter(({ blocks }) => blocks === true),
        `seed ${seed}`,
      ).to.deep.equal([]);
    }
  });

  it('draw every variant sooner or later', () => {
    const drawn = new Set(seeds.flatMap((seed) => combineVariants(seed)));
    expect(VARIANTS.filter(({ name, blocks }) => blocks !== true && !drawn.has(name)).map(({ name }) => name)).to.deep.equal([]);
  });

  for (const seed of seeds.slice(0, 25)) {
    it(`seed ${seed}: a safe request is accepted, and its duplicate refused`, () =>
      withReference(combineVariants(seed), async (reference) => {
        const body = form();
        const first = await exchange(reference, { body });
        const second = await exchange(reference, { body });
        expect([first.status, second.status], `${combineVariants(seed).join(' ')}\n${first.text}`).to.deep.equal([200, 400]);
      }));
  }
});

describe('packed variants', () => {
  for (const most of [1, 6, Number.POSITIVE_INFINITY]) {
    it(`each is in one combination of at most ${String(most)}, beside those that it goes with`, () => {
      const packed = packVariants(most);
      expect(
        packed
          .flat()
          .map(({ name }) => name)
          .sort(),
      ).to.deep.equal(
        VARIANTS.filter(({ blocks }) => blocks !== true)
          .map(({ name }) => name)
          .sort(),
      );
      for (const combination of packed) {
        expect(combination.length).to.be.within(1, most);
        for (const one of combination)
          for (const other of combination) if (one !== other) expect(goTogether(one, other), `${one.name} with ${other.name}`).to.equal(true);
      }
    });
  }
});
