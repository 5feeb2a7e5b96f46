import { expect } from 'chai';
import { TOPICS, WITHOUT_CROWDS } from './battery.fixture.js';
import { observer } from './observer.fixture.js';
import { exchange, form, type Values } from './client.fixture.js';
import { FAULTS } from './faults.js';
import { startReference, type Reference } from './server.js';

async function withReference<T>(fault: string | undefined, run: (reference: Reference) => Promise<T>): Promise<T> {
  const reference = await startReference(fault === undefined ? {} : { fault });
  try {
    return await run(reference);
  } finally {
    await reference.close();
  }
}

/** A fault may refuse one of them, as it does good requests of its kind. */
const SAFE: readonly Values[] = [
  { object_reference_id: 'cust_123489' },
  { object_reference_id: 'customer@gmail.com', mobile_number: '99887766', mobile_country_code: '65', 'options.get_client_auth_token': 'true' },
  {
    object_reference_id: 'safeRequestNumber3',
    mobile_number: '9988776655',
    mobile_country_code: '91',
    email_address: 'john@example.com',
    'options.get_client_auth_token': 'true',
  },
];

describe('faults', () => {
  it('are at least 150, each with a name of its own', () => {
    const names = FAULTS.map(({ name }) => name);
    expect(names.length).to.be.greaterThan(150);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
  });

  it('say in a sentence what went wrong', () => {
    for (const { name, defect } of FAULTS) expect(defect, name).to.match(/^\S.*\.$/);
  });

  it('name each rule once', () => {
    for (const { name, breaks } of FAULTS) expect(new Set(breaks).size, name).to.equal(breaks.length);
  });

  it('that show now and then say how often', () => {
    for (const { name, intermittent, oneIn } of FAULTS) if (intermittent === true) expect(oneIn, name).to.be.greaterThan(1);
  });
});

/** What came of a request is not what comes of it at the reference. */
class Differs extends Error {}

describe('a fault', () => {
  /** What the reference shows, made once: request by request where one is sent at a time, else topic by topic. */
  const answers: string[] = [];
  const expected: (readonly string[])[] = [];
  before(async function () {
    this.timeout(60_000);
    await withReference(undefined, async (reference) => {
      const watched = observer(reference, (text) => answers.push(text));
      for (const topic of TOPICS) expected.push(await topic.observe(watched));
    });
  });

  /** Is something shown that the reference does not? Looked for no longer than until it is. */
  async function differs(reference: Reference): Promise<boolean> {
    let [topic, at] = [0, 0];
    const watched = observer(reference, (text) => {
      if (topic < WITHOUT_CROWDS && text !== answers[at++]) throw new Differs();
    });
    try {
      for (; topic < TOPICS.length; topic += 1) {
        const seen = await TOPICS[topic]?.observe(watched);
        if (seen?.some((text, index) => text !== expected[topic]?.[index]) === true) return true;
      }
      return false;
    } catch (error) {
      if (error instanceof Differs) return true;
      throw error;
    }
  }

  it('is told from the reference by what it does, and the reference is not told from itself', async function () {
    this.timeout(60_000);
    // An answer that took a second on a busy machine makes the distance of two dates another one.
    const twice = await withReference(undefined, differs).then((first) => first && withReference(undefined, differs));
    expect(twice).to.equal(false);
  });

  for (const { name, equivalent, hangs } of FAULTS) {
    it(`${name}: lets one of three safe requests in, and is told from the reference`, async function () {
      this.timeout(60_000);
      await withReference(name, async (reference) => {
        const safe = await Promise.all(
          SAFE.map((values) =>
            exchange(reference, { body: form(values) })
              .then(({ status }) => status)
              .catch(() => 0),
          ),
        );
        if (hangs !== true)
          expect(safe, 'statuses of three safe requests').to.satisfy((statuses: number[]) => statuses.some((status) => status >= 200 && status < 300));
        expect(await differs(reference), 'differs from the reference').to.equal(equivalent === undefined);
      });
    });
  }
});
