/**
 * Judges every exchange of the run by every rule that it applies to: rules about responses, robustness, and the open
 * questions that a response answers by itself. One request serves many rules.
 */
import { memberAt } from '../../contracts/json.js';
import { judgeResponse, occasionFits, type JudgedResponse, type ResponseMemory } from '../../contracts/judge-response.js';
import type { ResponseRule, RobustnessFamily, Rule } from '../../contracts/model.js';
import { fieldOf } from './draft.js';
import { isBroken, judged, occasionOf, SAFE_FROM, type Observation } from './observation.js';
import { passiveReadings } from './readings.js';

export interface Breach {
  readonly observation: Observation;
  readonly expected: string;
  readonly got: string;
}

/** An id that was given twice is for the rule about ids. */
function ownId({ json }: Observation): string {
  const id = memberAt(json.value, 'id');
  return typeof id === 'string' ? id : '';
}

/** What all exchanges of a run said of one rule. */
export interface Tally {
  judged: number;
  broken: number;
  /** Of those that timed out, the most others that were answered while one of them waited. */
  meanwhile: number;
  /** The breach that comes first in (rule, n): the same in every run, whichever answer arrived first. */
  first?: Breach;
}

/** A case of an open rule: every reading it got, with the exchange that showed it. */
export type Readings = Map<string, Map<string, Observation>>;

const CUSTOMER_ID = /\bcst_\w+/g;

/**
 * Each place where `needle` stands, with the characters of its word on both sides. Looked for by hand: a pattern that
 * begins with any number of letters takes quadratic time on a response of 100,000 of them.
 */
function* wordsAround(text: string, needle: string, isOfWord: RegExp): Generator<string> {
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    let [from, to] = [at, at + needle.length];
    while (from > 0 && isOfWord.test(text.charAt(from - 1))) from -= 1;
    while (to < text.length && isOfWord.test(text.charAt(to))) to += 1;
    yield text.slice(from, to);
  }
}

export class Ledger {
  readonly #rules: readonly ResponseRule[];
  readonly #order: ReadonlyMap<string, number>;
  readonly #secrets: readonly string[];
  readonly #runToken: string;
  readonly #tallies = new Map<string, Tally>();
  readonly #readings = new Map<string, Readings>();
  /** `member:value` → the reference of the customer that had it first. */
  readonly #onBreach: (ruleId: string, position: number) => void;
  readonly #seen = new Map<string, string>();
  readonly #judged = new WeakMap<Observation, JudgedResponse>();
  readonly #idOwner = new Map<string, string>();
  readonly #mobiles = new Set<string>();
  /** The words with the run's token in all references that went out: the token by itself comes up in random text by chance. */
  readonly #references = new Set<string>();
  /** E-mail addresses of customers that were created with safe values. */
  readonly #addresses = new Set<string>();

  constructor(
    rules: readonly Rule[],
    order: ReadonlyMap<string, number>,
    secrets: readonly string[],
    runToken: string,
    onBreach: (ruleId: string, position: number) => void,
  ) {
    this.#onBreach = onBreach;
    this.#rules = rules.filter((rule): rule is ResponseRule => rule.kind === 'response');
    this.#order = order;
    this.#secrets = secrets;
    this.#runToken = runToken;
  }

  /** A request with the reference goes out: no other's answer may show it. */
  expect(reference: string): void {
    for (const word of wordsAround(reference.toLowerCase(), this.#runToken, /[a-z0-9]/)) this.#references.add(word);
  }

  /** What was seen of a rule about responses, or of a robustness rule; undefined when nothing it applies to came up. */
  tally(ruleId: string): Tally | undefined {
    return this.#tallies.get(ruleId);
  }

  readings(ruleId: string): Readings {
    let readings = this.#readings.get(ruleId);
    if (readings === undefined) this.#readings.set(ruleId, (readings = new Map<string, Map<string, Observation>>()));
    return readings;
  }

  /** Notes the reading of a case; the exchange that is kept for it comes first in (rule, n). */
  note(ruleId: string, name: string, reading: string, observation: Observation): void {
    const readings = this.readings(ruleId);
    let ofCase = readings.get(name);
    if (ofCase === undefined) readings.set(name, (ofCase = new Map<string, Observation>()));
    const kept = ofCase.get(reading);
    if (kept === undefined || this.#isBefore(observation, kept)) ofCase.set(reading, observation);
  }

  record(observation: Observation): void {
    const { intent, outcome, response } = observation;
    const repetition = intent.purpose === 'confirmation' || intent.purpose === 'shrink';
    if (outcome !== 'throttled' && !repetition) this.#recordRobustness(observation);
    if (response === undefined) return;
    for (const rule of this.#rules) {
      const breach = this.judge(rule, observation);
      if (breach === 'not-applicable' || repetition) continue;
      this.#count(rule.id, observation, breach === 'holds' ? undefined : breach);
    }
    if (!repetition) {
      for (const { question, name, reading } of passiveReadings(observation)) this.note(question, name, reading, observation);
    }
    this.#remember(observation);
  }

  /** Judges one exchange by one rule about responses, without counting it. */
  judge(rule: ResponseRule, observation: Observation): Breach | 'holds' | 'not-applicable' {
    if (observation.response === undefined || observation.outcome === 'throttled') return 'not-applicable';
    if (!occasionFits(rule.on, occasionOf(observation))) return 'not-applicable';
    // A body that the time ran out in is judged by its length alone: the rest of it is not known.
    if (observation.failure !== undefined && rule.check.kind !== 'content-length') return 'not-applicable';
    if (rule.check.kind === 'content-length' && (observation.draft.method === 'HEAD' || observation.response.status === 304)) return 'not-applicable';
    let response = this.#judged.get(observation);
    // Many rules judge one response, and what it was sent is the same for all of them.
    if (response === undefined) this.#judged.set(observation, (response = judged(observation, this.#secrets)));
    const judgement = judgeResponse(rule.check, response, this.#memory(observation));
    return judgement.outcome === 'broken' ? { observation, expected: judgement.expected, got: judgement.got } : judgement.outcome;
  }

  #memory(observation: Observation): ResponseMemory {
    const reference = observation.reference ?? '';
    return {
      seenBefore: (member, value) => {
        const owner = this.#seen.get(`${member}:${value}`);
        return owner !== undefined && owner !== reference;
      },
      otherCustomerIn: (text) => this.#otherCustomerIn(text, observation),
    };
  }

  #otherCustomerIn(text: string, observation: Observation): string | undefined {
    const { reference, draft, intent } = observation;
    const own = [
      reference ?? '',
      ...draft.fields.map(([, value]) => value),
      draft.path,
      (draft.body ?? draft.spelled?.(draft.fields))?.toString('latin1') ?? '',
      ...(intent.own ?? []),
      ownId(observation),
    ]
      .join('\n')
      .toLowerCase();
    // What is left of an own value when a target drops characters of it is still its own.
    const bare = own.replace(/[^a-z0-9\n]/g, '');
    const isOwn = (found: string): boolean => own.includes(found.toLowerCase()) || bare.includes(found.toLowerCase());
    for (const found of wordsAround(text.toLowerCase(), this.#runToken, /[a-z0-9]/)) if (this.#references.has(found) && !isOwn(found)) return found;
    for (const found of wordsAround(text, '@example.', /[\w.+-]/)) if (this.#addresses.has(found) && !isOwn(found)) return found;
    for (const [found] of text.matchAll(/\d{8,}/g)) if (this.#mobiles.has(found) && !isOwn(found)) return found;
    for (const [found] of text.matchAll(CUSTOMER_ID)) {
      const owner = this.#idOwner.get(found);
      if (owner !== undefined && owner !== reference && !isOwn(found)) return found;
    }
    return undefined;
  }

  #remember(observation: Observation): void {
    if (observation.outcome !== 'accepted' || observation.intent.create !== true || observation.reference === undefined) return;
    const address = fieldOf(observation.draft, 'email_address');
    // The values of published samples stand in help texts too: they are nobody's own.
    if (observation.intent.purpose === 'control' && observation.intent.n >= SAFE_FROM) {
      if (address !== undefined) this.#addresses.add(address);
      const mobile = fieldOf(observation.draft, 'mobile_number');
      if (mobile !== undefined) this.#mobiles.add(mobile);
    }
    const value = observation.json.value;
    if (typeof value !== 'object' || value === null) return;
    for (const rule of this.#rules) {
      if (rule.check.kind !== 'distinct') continue;
      const member = rule.check.member;
      const found = member.split('.').reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined), value);
      if (typeof found !== 'string' || found === '') continue;
      if (!this.#seen.has(`${member}:${found}`)) this.#seen.set(`${member}:${found}`, observation.reference);
      if (member === 'id' && !this.#idOwner.has(found)) this.#idOwner.set(found, observation.reference);
    }
  }

  #recordRobustness(observation: Observation): void {
    const { intent, failure, response } = observation;
    const family: RobustnessFamily = intent.good === true ? 'good-requests' : (intent.family ?? 'values');
    // Without a connection there was no request.
    if (failure?.kind === 'unreachable' || failure?.kind === 'tls') return;
    // A body that is shorter than its Content-Length is for the rule about Content-Length.
    const cutShort = response !== undefined && response.status < 500 && response.headers.some(([name]) => name.toLowerCase() === 'content-length');
    const broken = isBroken(observation) && !cutShort;
    const got = failure === undefined ? `status ${response?.status ?? 0}` : failure.message;
    this.#count(`robustness/${family}`, observation, broken ? { observation, expected: 'a complete answer below 500', got } : undefined);
  }

  #count(ruleId: string, observation: Observation, breach: Breach | undefined): void {
    let tally = this.#tallies.get(ruleId);
    if (tally === undefined) this.#tallies.set(ruleId, (tally = { judged: 0, broken: 0, meanwhile: 0 }));
    tally.judged += 1;
    if (breach === undefined) return;
    tally.broken += 1;
    tally.meanwhile = Math.max(tally.meanwhile, observation.meanwhile ?? 0);
    this.#onBreach(ruleId, observation.position);
    if (tally.first === undefined || this.#isBefore(observation, tally.first.observation)) tally.first = breach;
  }

  #isBefore(a: Observation, b: Observation): boolean {
    const key = ({ intent }: Observation): readonly number[] => [this.#order.get(intent.ruleId) ?? -1, intent.n, intent.attempt ?? -1];
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
  }
}
