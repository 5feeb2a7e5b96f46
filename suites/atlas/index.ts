/** `conform atlas`: draws what a target accepts, field by field. It judges nothing. */
import { ATLAS_VERSION, REFUSAL_KINDS, type Atlas, type AtlasCharacter, type AtlasField, type Lengths, type Position } from '../../contracts/atlas.js';
import { FIELDS, type FieldName } from '../../contracts/model.js';
import { positionsOf, SAMPLES, type Placement, type Sample } from '../../generators/atlas.js';
import type { RunConfig } from '../kit/config.js';
import { Context } from '../kit/context.js';
import { Controls } from '../kit/controls.js';
import { SendingEnded } from '../kit/pacing.js';
import { runToken } from '../kit/run.js';
import { characterSearch, type Cell } from './characters.js';
import { fieldLengthOf, lengthSearch, unitSearch } from './lengths.js';
import { Questioner } from './questioner.js';
import { returnedSearch } from './returned.js';
import { sideBySide, type Search } from './search.js';

/**
 * Requests that an atlas takes at most, unless told. Measured: the reference takes 9,282. A place that is refused takes a request
 * and there are 10,653 places, of which a target that does what is documented accepts more than a thousand.
 */
export const ATLAS_REQUESTS = 10_000;

export interface AtlasConfig extends Omit<RunConfig, 'rules' | 'budget' | 'failOn' | 'readings' | 'onFinding' | 'onProgress' | 'shrinkRequests'> {
  readonly tool: Atlas['tool'];
  /** All of them unless told. */
  readonly fields?: readonly FieldName[];
  /** Aborted: requests that are under way are not waited for any more. */
  readonly abandon?: AbortSignal;
  readonly onProgress?: (progress: AtlasProgress) => void;
}

export interface AtlasProgress {
  readonly requestsSent: number;
  readonly maxRequests: number;
  /** What is looked at now, in words. */
  readonly stage: string;
}

/** What is found of each field while the atlas is drawn. */
interface Drawn {
  readonly cells: Cell[];
  lengths?: Lengths;
  returned: Pick<AtlasField, 'unsent' | 'empty'>;
}

const NOT_RETURNED = { got: 'not looked at', documented: 'open' } as const;

/** Draws the atlas. Never rejects for anything that the target does. */
export async function drawAtlas(config: AtlasConfig): Promise<Atlas> {
  const started = new Date();
  const { tool, fields: chosen, abandon, onProgress, ...rest } = config;
  const maxRequests = config.maxRequests ?? ATLAS_REQUESTS;
  const runConfig: RunConfig = { ...rest, rules: ['*'], budget: 'standard', failOn: 'must' };
  const context = new Context(runConfig, maxRequests, runToken(), { isJudged: false });
  const controls = new Controls(context);
  const fields = FIELDS.filter((field) => chosen?.includes(field) ?? true);
  const questioner = new Questioner(context, controls, maxRequests, abandon);
  const drawn = new Map<FieldName, Drawn>(fields.map((field) => [field, { cells: [], returned: { unsent: NOT_RETURNED, empty: NOT_RETURNED } }]));
  const of = (field: FieldName): Drawn => drawn.get(field) as Drawn;

  const stage = async (name: string, searches: readonly Search<void>[]): Promise<void> => {
    await sideBySide(searches, (probes) => {
      onProgress?.({ requestsSent: context.pacing.sent, maxRequests, stage: name });
      return questioner.ask(probes);
    });
  };
  const charactersAt = (which: (placement: Placement, isAscii: boolean) => boolean): Search<void>[] =>
    fields.map((field) =>
      (function* (): Search<void> {
        of(field).cells.push(...(yield* characterSearch(field, placementsOf(field, which))));
      })(),
    );

  const blockedBy = await open(controls);
  if (blockedBy === undefined) {
    await stage(
      'fields that are not sent, and empty ones',
      fields.map((field) =>
        (function* (): Search<void> {
          of(field).returned = yield* returnedSearch(field);
        })(),
      ),
    );
    await questioner.duplicate();
    await stage(
      'lengths',
      fields.map((field) =>
        (function* (): Search<void> {
          const known = fieldLengthOf(controls.draft(0, 'a'.repeat(20)), field);
          if (known !== undefined) of(field).lengths = yield* lengthSearch(field, known);
        })(),
      ),
    );
    await stage(
      'characters of ASCII',
      charactersAt((_, isAscii) => isAscii),
    );
    await stage(
      'characters beyond ASCII inside',
      charactersAt(({ position }, isAscii) => !isAscii && position === 'inside'),
    );
    await stage(
      'what lengths are counted in',
      fields.map((field) =>
        (function* (): Search<void> {
          const { lengths, cells } = of(field);
          if (lengths === undefined || (field !== 'object_reference_id' && field !== 'first_name' && field !== 'last_name')) return;
          of(field).lengths = yield* unitSearch(field, lengths, wideOf(cells));
        })(),
      ),
    );
    await stage(
      'characters beyond ASCII at the ends',
      charactersAt(({ position }, isAscii) => !isAscii && position !== 'inside'),
    );
    await questioner.wrongKey();
  }
  context.close();
  const drawnFields = fields.map((field): AtlasField => fieldOf(field, of(field), questioner.requestsOf(field), context.redactor.text));
  const interrupted = config.signal?.aborted === true;
  const isMissing = drawnFields.some(isPartial);
  const status = blockedBy !== undefined && !interrupted ? 'blocked' : interrupted ? 'interrupted' : isMissing ? 'partial' : 'complete';
  const because = blockedBy ?? questioner.ended ?? context.pacing.ended;
  return {
    atlasVersion: ATLAS_VERSION,
    tool,
    target: { url: config.target.url, embedded: config.target.embedded, merchantId: context.redactor.text(config.target.merchantId) },
    seed: config.seed,
    maxRequests,
    started: started.toISOString(),
    ended: new Date().toISOString(),
    status,
    ...(status === 'complete' || because === undefined ? {} : { because: context.redactor.text(because) }),
    exitCode: { complete: 0, partial: 2, blocked: 2, interrupted: 130 }[status],
    requestsSent: context.pacing.sent,
    idsCreated: context.created.map(context.redactor.text).sort(),
    runToken: context.runToken,
    fields: drawnFields,
    errors: questioner.refusals.list(REFUSAL_KINDS),
  };
}

async function open(controls: Controls): Promise<string | undefined> {
  try {
    return await controls.open();
  } catch (error) {
    if (error instanceof SendingEnded) return error.message;
    throw error;
  }
}

/** Samples of blocks are looked at at the start, inside and at the end of an address, and not on both sides of its @. */
function positionsFor(field: FieldName, { block }: Sample): readonly Position[] {
  const positions = positionsOf(field);
  return block === undefined ? positions : positions.filter((position) => position === 'start' || position === 'inside' || position === 'end');
}

function placementsOf(field: FieldName, which: (placement: Placement, isAscii: boolean) => boolean): Placement[] {
  return SAMPLES.flatMap((sample) => positionsFor(field, sample).map((position) => ({ codePoint: sample.codePoint, position }))).filter((placement) =>
    which(placement, placement.codePoint < 0x80),
  );
}

function wideOf(cells: readonly Cell[]): { inPlane?: number; beyondPlane?: number } {
  const letters = cells.filter(({ codePoint, position, got }) => position === 'inside' && got === 'accepted' && /\p{L}/u.test(String.fromCodePoint(codePoint)));
  const inPlane = letters.find(({ codePoint }) => codePoint > 0x7f && codePoint <= 0xffff)?.codePoint;
  const beyondPlane = letters.find(({ codePoint }) => codePoint > 0xffff)?.codePoint;
  return { ...(inPlane === undefined ? {} : { inPlane }), ...(beyondPlane === undefined ? {} : { beyondPlane }) };
}

function isPartial({ characters, unsent, empty }: AtlasField): boolean {
  const isMissing = (got: string | undefined): boolean => got === 'not looked at';
  return isMissing(unsent.got) || isMissing(empty.got) || characters.some(({ got }) => Object.values(got).some(isMissing));
}

function fieldOf(field: FieldName, { cells, lengths, returned }: Drawn, requests: number, redact: (text: string) => string): AtlasField {
  const byPlace = new Map(cells.map((cell) => [`${cell.codePoint} ${cell.position}`, cell]));
  const characters = SAMPLES.map((sample): AtlasCharacter => {
    const { codePoint, block } = sample;
    const row: Required<Pick<AtlasCharacter, 'documented' | 'got' | 'echo'>> = { documented: {}, got: {}, echo: {} };
    for (const position of positionsFor(field, sample)) {
      const cell = byPlace.get(`${codePoint} ${position}`);
      row.documented[position] = cell?.documented ?? 'open';
      row.got[position] = cell?.got ?? 'not looked at';
      if (cell?.echo !== undefined) row.echo[position] = cell.echo === null ? null : redact(cell.echo);
    }
    const { echo, ...known } = row;
    return { codePoint, ...(block === undefined ? {} : { block }), ...known, ...(Object.keys(echo).length === 0 ? {} : { echo }) };
  });
  return { field, positions: [...positionsOf(field)], characters, ...(lengths === undefined ? {} : { lengths }), ...redacted(returned, redact), requests };
}

function redacted({ unsent, empty }: Drawn['returned'], redact: (text: string) => string): Drawn['returned'] {
  const shown = (returned: AtlasField['unsent']): AtlasField['unsent'] =>
    returned.value === undefined ? returned : { ...returned, value: redact(returned.value) };
  return { unsent: shown(unsent), empty: shown(empty) };
}
