import { expect } from 'chai';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { AtlasSchema, standingOf, type Atlas, type AtlasField, type Position } from '../../contracts/atlas.js';
import type { Exchange } from '../../contracts/finding.js';
import { FIELDS } from '../../contracts/model.js';
import { MERCHANT, startReference, type ReferenceOptions } from '../../contracts/reference/server.js';
import { refusedUrl, serve, type Answer } from '../kit/server.spec-help.js';
import { drawAtlas, type AtlasConfig } from './index.js';
import { LENGTH_REQUESTS } from './lengths.js';

const TOOL = { name: 'conform', version: '0' };
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const isAtlas = ajv.compile(AtlasSchema);

async function draw(url: string, more: Partial<AtlasConfig> = {}): Promise<{ atlas: Atlas; exchanges: readonly Exchange[] }> {
  const exchanges: Exchange[] = [];
  const atlas = await drawAtlas({
    tool: TOOL,
    target: { url, ...MERCHANT, embedded: false },
    seed: 7,
    concurrency: 16,
    timeoutMs: 3000,
    onExchange: (exchange) => exchanges.push(exchange),
    ...more,
  });
  expect(isAtlas(atlas), JSON.stringify(isAtlas.errors)).to.equal(true);
  expect(exchanges.length, 'requests sent, and exchanges kept').to.equal(atlas.requestsSent);
  return { atlas, exchanges };
}

async function drawReference(options: ReferenceOptions, more: Partial<AtlasConfig> = {}): Promise<Atlas> {
  const reference = await startReference(options);
  try {
    return (await draw(reference.url, more)).atlas;
  } finally {
    await reference.close();
  }
}

const only = ({ fields }: Atlas): AtlasField => fields[0] as AtlasField;
/** Characters and places of a standing, as text. */
function departures({ characters }: AtlasField): string[] {
  return characters.flatMap(({ codePoint, documented, got }) =>
    (Object.keys(got) as Position[]).flatMap((position) => {
      const standing = standingOf(documented[position] ?? 'open', got[position] ?? 'not looked at');
      return standing === 'beyond' || standing === 'within' || standing === 'unclear' ? [`${standing} ${String.fromCodePoint(codePoint)} ${position}`] : [];
    }),
  );
}
/** Enough for what is empty, the lengths and ASCII of one name. */
const ASCII_OF_A_NAME = 310;
const PLACES = (character: string, standing: string): string[] => ['start', 'inside', 'end'].map((position) => `${standing} ${character} ${position}`);

describe('an atlas', function () {
  this.timeout(20_000);

  it('shows what a target accepts beyond the document and refuses within it', async () => {
    const beyond = await drawReference({ fault: 'last-name-apostrophe-accepted' }, { fields: ['last_name'], maxRequests: ASCII_OF_A_NAME });
    expect(departures(only(beyond))).to.deep.equal(PLACES("'", 'beyond'));
    const within = await drawReference({ fault: 'last-name-50-at-most' }, { fields: ['last_name'], maxRequests: 40 });
    expect(only(within).lengths?.longest).to.deep.equal({ accepted: 50, beyond: 51, got: 'refused', documented: 'accepted', upTo: 65_536 });
  });

  it('finds lengths off by one, in at most 20 requests a field', async () => {
    const reference = await startReference({ fault: 'first-name-64-refused' });
    try {
      const { atlas, exchanges } = await draw(reference.url, { maxRequests: 140 });
      expect(atlas.fields.map(({ lengths }) => lengths?.longest.accepted)).to.deep.equal([128, 15, 254, 63, 64, 4, undefined]);
      expect(atlas.fields.map(({ lengths }) => lengths?.shortest.accepted)).to.deep.equal([8, 6, 3, 1, 1, 1, undefined]);
      for (const field of FIELDS) {
        const sent = exchanges.filter(({ ruleId, note }) => ruleId === `atlas/${field}` && note.endsWith(' characters')).length;
        expect(sent, field).to.be.at.most(LENGTH_REQUESTS);
      }
    } finally {
      await reference.close();
    }
  });

  it('tells how unsent and empty values come back, and in which body a refusal comes', async () => {
    const atlas = await drawReference({ variants: ['first-name-empty-kept', 'email-address-empty-unsent'] }, { maxRequests: 40 });
    const returned = (name: string) => {
      const found = atlas.fields.find(({ field }) => field === name);
      return [found?.unsent.as ?? found?.unsent.status, found?.empty.as ?? found?.empty.status];
    };
    expect(returned('first_name')).to.deep.equal(['null', 'empty']);
    expect(returned('email_address')).to.deep.equal(['null', 'null']);
    expect(returned('object_reference_id')).to.deep.equal([400, 400]);
    expect(atlas.errors.map(({ kind, body, fields }) => `${kind}: ${body}, ${String(fields.length)}`)).to.include.members([
      'missing: v2, 2',
      'empty: sea, 5',
      'duplicate: sea, 1',
    ]);
  });

  it('counts in what the target counts in', async () => {
    const unit = async (variants: readonly string[]): Promise<string | undefined> =>
      only(await drawReference({ variants }, { fields: ['object_reference_id'], maxRequests: 500 })).lengths?.unit?.is;
    expect(await unit([])).to.equal('code points');
    expect(await unit(['reference-utf-16-units'])).to.equal('UTF-16 units');
  });

  it('is the same for the same seed and target, but for the token and times', async () => {
    const [one, two] = [
      await drawReference({}, { fields: ['last_name'], maxRequests: 320 }),
      await drawReference({}, { fields: ['last_name'], maxRequests: 320 }),
    ];
    for (const member of ['fields', 'status', 'because', 'requestsSent'] as const) expect(two[member], member).to.deep.equal(one[member]);
    const bodies = ({ errors }: Atlas): unknown => errors.map(({ sample: _sample, ...rest }) => rest);
    expect(bodies(two)).to.deep.equal(bodies(one));
  });

  it('says what the budget left out, and keeps to it', async () => {
    const atlas = await drawReference({}, { maxRequests: 60 });
    expect(atlas).to.deep.include({ status: 'partial', exitCode: 2, requestsSent: 60, because: 'the budget of 60 requests is spent' });
    const got = new Set(atlas.fields.flatMap(({ characters }) => characters.flatMap((character) => Object.values(character.got))));
    expect([...got]).to.deep.equal(['not looked at']);
  });

  it('is blocked where no control is accepted', async () => {
    const { atlas } = await draw(await refusedUrl());
    expect(atlas).to.deep.include({ status: 'blocked', exitCode: 2, idsCreated: [] });
    expect(atlas.because).to.include('cannot be reached');
  });

  it('ends early when its signal is aborted, without an answer that is never given', async () => {
    const [signal, abandon] = [new AbortController(), new AbortController()];
    let creates = 0;
    const server = await serve((response) => {
      creates += 1;
      if (creates < 20) return customer(response);
      signal.abort();
      setTimeout(() => abandon.abort(), 50);
    });
    const started = Date.now();
    const atlas = await drawAtlas({
      tool: TOOL,
      target: { url: server.url, ...MERCHANT, embedded: false },
      seed: 7,
      concurrency: 4,
      timeoutMs: 5000,
      signal: signal.signal,
      abandon: abandon.signal,
    });
    await server.close();
    expect(atlas).to.deep.include({ status: 'interrupted', exitCode: 130, because: 'the run was interrupted' });
    expect(Date.now() - started).to.be.below(3000);
  });
});

const customer = (response: Parameters<Answer>[0]): void => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end('{"id":"cst_1"}');
};

/** A target that takes every name of letters, and does to each request before what `disturb` does. */
async function disturbed(disturb: (n: number, value: string, ...of: Parameters<Answer>) => boolean, more: Partial<AtlasConfig> = {}): Promise<Atlas> {
  const server = await serve((response, received, n) => {
    const fields = new URLSearchParams(received.body.toString('latin1'));
    const value = fields.get('last_name') ?? '';
    if (disturb(n, value, response, received, n)) return;
    const isRight = /^[A-Za-z0-9().\-_]{1,64}$/.test(value);
    response.writeHead(isRight ? 200 : 400, { 'content-type': 'application/json' });
    response.end(isRight ? JSON.stringify({ id: `cst_${n}`, ...Object.fromEntries(fields) }) : '{"status":"Bad Request","error_code":"x","error_message":"y"}');
  });
  try {
    return (await draw(server.url, { fields: ['last_name'], maxRequests: ASCII_OF_A_NAME, ...more })).atlas;
  } finally {
    await server.close();
  }
}

describe('an atlas of a target that disturbs it', function () {
  this.timeout(20_000);

  it('is not distorted by connections that are closed now and then', async () => {
    const atlas = await disturbed(
      (n, _, response) => {
        if (n % 13 !== 0) return false;
        response.socket?.destroy();
        return true;
      },
      { maxRequests: 400 },
    );
    expect(departures(only(atlas))).to.deep.equal([]);
    expect(only(atlas).lengths?.longest).to.deep.include({ accepted: 64, beyond: 65, got: 'refused' });
  });

  it('waits 429 out', async () => {
    let throttled = 0;
    const atlas = await disturbed((n, _, response) => {
      if (n % 50 !== 0) return false;
      throttled += 1;
      response.writeHead(429, { 'retry-after': '0' });
      response.end();
      return true;
    });
    expect(throttled).to.be.above(2);
    expect(departures(only(atlas))).to.deep.equal([]);
  });

  it('marks a 5xx as such, and silence too, and leaves a field alone that is met with it', async () => {
    const failing = await disturbed((_, value, response) => {
      if (!value.includes('"')) return false;
      response.writeHead(503);
      response.end();
      return true;
    });
    expect(departures(only(failing))).to.deep.equal(PLACES('"', 'unclear'));
    const silent = await disturbed((_, value) => value.includes('$'), { timeoutMs: 500 });
    expect(departures(only(silent))).to.deep.equal(PLACES('$', 'unclear'));
    const mostly = await disturbed((_, value) => /[!-/]/.test(value), { timeoutMs: 300 });
    expect(mostly).to.deep.include({ status: 'partial', because: 'last_name was met with silence 8 times, and then left alone' });
  });
});
