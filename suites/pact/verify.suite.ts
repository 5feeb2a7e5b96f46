/** Verifying a provider: the reference and its legal variants keep the contracts, its faults do not. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CALLS, examplesOf, EXAMPLES, type Example } from '../../contracts/interactions.js';
import { FAULTS } from '../../contracts/reference/faults.js';
import { startReference, type Reference, type ReferenceOptions } from '../../contracts/reference/server.js';
import { packVariants } from '../../contracts/reference/variants.js';
import { brokenBy } from './blame.js';
import { answersOf, channelTo, showing } from './expressible.js';
import { runOf } from './findings.js';
import { loadPacts, type LoadedPact } from './pact-file.js';
import { consumerOf, pactText } from './recorder.js';
import { VerifierProcess } from './verifier-process.js';
import { verify, type Verification } from './verify.js';

/** Two at a time: each takes a processor, and so does the reference. */
const WORKERS = 2;
/** A fault that a contract expresses is noticed in one of so many examples that show it. */
const ENOUGH = 3;

describe('verifying a provider', function () {
  this.timeout(60_000);
  let folder: string;
  let workers: VerifierProcess[];
  let written = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conform-verify-'));
    workers = Array.from({ length: WORKERS }, () => new VerifierProcess());
  });
  after(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await rm(folder, { recursive: true, force: true });
  });

  /** Pacts of some of the examples, one for each call. */
  async function pactsOf(examples: readonly Example[]): Promise<LoadedPact[]> {
    const files: string[] = [];
    for (const call of CALLS) {
      const own = examples.filter((example) => example.call === call);
      if (own.length === 0) continue;
      const file = join(folder, `${written++}-${call}.json`);
      await writeFile(file, await pactText(own, { consumer: consumerOf(call, 'merchant'), provider: 'provider' }));
      files.push(file);
    }
    return loadPacts(files);
  }

  async function verifyReference(options: ReferenceOptions, examples: readonly Example[], worker = workers[0]): Promise<Verification> {
    const reference = await startReference(options);
    try {
      return await verifyAt(reference, await pactsOf(examples), worker);
    } finally {
      await reference.close();
    }
  }

  function verifyAt(
    { url, apiKey, merchantId }: Pick<Reference, 'url' | 'apiKey' | 'merchantId'>,
    pacts: readonly LoadedPact[],
    worker = workers[0],
  ): Promise<Verification> {
    const source = { pactUrls: pacts.map((pact) => pact.source) };
    return verify({ target: { url, apiKey, merchantId, timeoutMs: 3000 }, pacts, source, ...(worker === undefined ? {} : { verifier: worker }) });
  }

  const notKept = ({ interactions }: Verification): string[] =>
    interactions
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ description, outcome, error, mismatches }) => `${outcome} ${description}: ${error ?? JSON.stringify(mismatches)}`);

  it('the reference keeps every contract', async () => {
    const verification = await verifyReference({}, EXAMPLES);
    expect(notKept(verification)).to.deep.equal([]);
    expect(verification.interactions).to.have.length(EXAMPLES.length);
    expect(verification.skipped).to.deep.equal([]);
  });

  it('every legal variant keeps them, alone or with others', async () => {
    const combinations = packVariants();
    const problems: string[] = [];
    await inParallel(combinations, async (combination, index, worker) => {
      // Each combination has an example of every rule and answer, and its share of the rest.
      const share = EXAMPLES.filter((example, at) => isFirstOfItsKind(example) || at % combinations.length === index);
      const verification = await verifyReference({ variants: combination.map(({ name }) => name) }, share, worker);
      problems.push(...notKept(verification).map((problem) => `${combination.map(({ name }) => name).join(', ')}: ${problem}`));
    });
    expect(problems).to.deep.equal([]);
  });

  it('every fault that a contract expresses fails it', async () => {
    const sound = await startReference();
    const channel = channelTo(sound);
    const answers = await answersOf(channel);
    channel.close();
    await sound.close();
    const unnoticed: string[] = [];
    let expressed = 0;
    await inParallel(FAULTS, async (fault, _, worker) => {
      const reference = await startReference({ fault: fault.name });
      const faulty = channelTo(reference);
      try {
        const tried: string[] = [];
        let isNoticed = false;
        // What depends on the customers before shows in some examples only.
        for await (const example of showing(fault, faulty, answers)) {
          const { interactions } = await verifyAt(reference, await pactsOf([example]), worker);
          tried.push(example.id);
          isNoticed = interactions.some(({ outcome }) => outcome === 'failed');
          if (isNoticed || tried.length === ENOUGH) break;
        }
        if (tried.length > 0) expressed += 1;
        if (tried.length > 0 && !isNoticed) unnoticed.push(`${fault.name} (${fault.breaks.join(', ')}), in ${tried.join(', ')}`);
      } finally {
        faulty.close();
        await reference.close();
      }
    });
    expect(unnoticed).to.deep.equal([]);
    // The others need states, loads or bytes that no contract can express.
    expect(expressed, 'faults that the contracts express').to.be.above(FAULTS.length / 2);
  });

  it('the rule that a fault breaks is the one that its finding names', async () => {
    const cases = [
      ['reference-seven-accepted', 'object_reference_id/length'],
      ['credential-prefix-accepted', 'credentials/key'],
    ] as const;
    for (const [name, rule] of cases.filter(([fault]) => FAULTS.some((each) => each.name === fault))) {
      const { interactions } = await verifyReference(
        { fault: name },
        EXAMPLES.filter(({ rules }) => rules.includes(rule)),
      );
      const broken = new Set(interactions.flatMap(brokenBy).map((each) => each.rule));
      expect([...broken], name).to.deep.equal([rule]);
    }
  });

  it('a target without the sibling calls has their contracts left out, and says so', async () => {
    const verification = await verifyReference({ variants: ['no-get', 'no-update'] }, [
      ...examplesOf('create').slice(0, 2),
      ...examplesOf('read'),
      ...examplesOf('update'),
    ]);
    expect(notKept(verification)).to.deep.equal([]);
    expect(verification.skipped.map(({ reason }) => reason)).to.deep.equal([
      'the target has no call to read a customer',
      'the target has no call to update a customer',
    ]);
    const run = runOf(verification, details({ url: 'http://127.0.0.1', apiKey: 'k', merchantId: 'm' }));
    expect(run.findings.find(({ ruleId }) => ruleId === 'customers/read')).to.include({
      verdict: 'skipped',
      reason: 'the target has no call to read a customer',
    });
  });

  it('the provider gets the form as it was recorded, byte for byte, with its length and type', async () => {
    const got: { body: string; length: string | undefined; type: string | undefined }[] = [];
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        got.push({ body: Buffer.concat(pieces).toString('utf8'), length: request.headers['content-length'], type: request.headers['content-type'] });
        response.writeHead(500).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const example = examplesOf('create').find(({ id }) => id === 'create/email-specials') as Example;
    const pacts = await pactsOf([example]);
    await verifyAt({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'key', merchantId: 'm' }, pacts);
    await new Promise((resolve) => server.close(resolve));
    // Behind the control.
    const request = got.at(-1);
    const sent = new URLSearchParams(request?.body);
    for (const { name, value } of example.request.fields) if (name !== 'object_reference_id') expect(sent.get(name), name).to.equal(value);
    expect(sent.get('object_reference_id')).to.match(/^cust_[A-Za-z0-9]{12}_Z[0-9a-f]{3}$/);
    expect(request).to.include({ length: String(Buffer.byteLength(request?.body ?? '')), type: 'application/x-www-form-urlencoded' });
    expect(request?.body).not.to.match(/^[{"]/);
  });

  it('a failing must fails the run, with what was sent and got and no key in it', async () => {
    const reference = await startReference({ fault: 'reference-seven-accepted' });
    const { url, apiKey, merchantId } = reference;
    const verification = await verifyAt(
      reference,
      await pactsOf(EXAMPLES.filter(({ id }) => id === 'create/refused-reference-of-7' || id === 'create/all-fields')),
    );
    await reference.close();
    const run = runOf(verification, details({ url, apiKey, merchantId }));
    const finding = run.findings.find(({ ruleId }) => ruleId === 'object_reference_id/length');
    expect(finding).to.include({ verdict: 'fail', level: 'must' });
    expect(finding?.counterexample?.response?.status).to.equal(200);
    expect(finding?.counterexample?.curl).to.include('-u "$API_KEY:"');
    expect(run.exitCode).to.equal(1);
    expect(run.findings.filter(({ verdict }) => verdict === 'fail')).to.have.length(1);
    // The control's, that of the good create, and that of the fault.
    expect(run.idsCreated).to.have.length(3);
    expect(JSON.stringify(run))
      .not.to.include(apiKey)
      .and.not.to.include(Buffer.from(`${apiKey}:`).toString('base64'));
  });

  it('a failing should warns, and fails only where that was asked for', async () => {
    const reference = await startReference({ fault: FAULTS.find(({ breaks }) => breaks[0] === 'mobile_number/digits')?.name ?? 'none' });
    const { url, apiKey, merchantId } = reference;
    const verification = await verifyAt(
      reference,
      await pactsOf(EXAMPLES.filter(({ rules, id }) => rules.includes('mobile_number/digits') || id === 'create/all-fields')),
    );
    await reference.close();
    const run = runOf(verification, details({ url, apiKey, merchantId }));
    expect(run.findings.find(({ ruleId }) => ruleId === 'mobile_number/digits')).to.include({ verdict: 'warn', level: 'should' });
    expect(run.exitCode).to.equal(0);
    expect(runOf(verification, { ...details({ url, apiKey, merchantId }), failOn: 'should' }).exitCode).to.equal(1);
  });

  it('a target that lets nobody in, or is not there, blocks the run, and no rule is blamed', async () => {
    const examples = EXAMPLES.filter(({ id }) => /all-fields|refused-without-object/.test(id));
    const reference = await startReference();
    const target = { url: reference.url, apiKey: 'not_the_key_of_it', merchantId: reference.merchantId };
    const pacts = await pactsOf(examples);
    const wrongKey = await verifyAt(target, pacts);
    await reference.close();
    const gone = await verifyAt(target, pacts);
    for (const [verification, says] of [
      [wrongKey, 'refuses the API key (401)'],
      [gone, 'ECONNREFUSED'],
    ] as const) {
      const run = runOf(verification, details(target));
      expect(run).to.include({ status: 'blocked', exitCode: 2 });
      expect(run.blockedBy).to.include(says);
      expect(new Set(run.findings.map(({ verdict }) => verdict))).to.deep.equal(new Set(['blocked']));
    }
    const shut = await verifyReference({ variants: ['address-refused'] }, examples);
    expect(shut.blockedBy).to.include('403');
  });

  it('a broken pact is said to be one', async () => {
    const file = join(folder, 'broken.json');
    for (const [text, says] of [
      ['not json', 'no JSON'],
      ['{"consumer":{}}', 'no pact'],
    ] as const) {
      await writeFile(file, text);
      await loadPacts([file]).then(
        () => expect.fail('it was read'),
        (error: Error) => expect(error.message).to.include(says).and.include(file),
      );
    }
    await loadPacts([join(folder, 'none.json')]).then(
      () => expect.fail('it was read'),
      (error: Error) => expect(error.message).to.include('none.json'),
    );
  });

  function details(target: { url: string; apiKey: string; merchantId: string }): Parameters<typeof runOf>[1] {
    return { tool: { name: 'conform', version: '0' }, target: { ...target, embedded: true }, started: new Date(), failOn: 'must' };
  }

  /** Runs the job for each item, as many at a time as there are workers. */
  async function inParallel<T>(items: readonly T[], job: (item: T, index: number, worker: VerifierProcess) => Promise<void>): Promise<void> {
    let next = 0;
    await Promise.all(
      workers.map(async (worker) => {
        for (let index = next++; index < items.length; index = next++) await job(items[index] as T, index, worker);
      }),
    );
  }
});

/** The first example of these rules with an answer of this kind. */
function isFirstOfItsKind(example: Example): boolean {
  const kind = ({ call, rules, answer }: Example): string => [call, ...rules, answer.status, answer.without?.member ?? ''].join(' ');
  return EXAMPLES.find((each) => kind(each) === kind(example)) === example;
}
