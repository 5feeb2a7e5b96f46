/** Two runs made up by hand, with every kind of change between them. For specs and goldens only. */
import type { Finding } from '../../contracts/finding.js';
import type { Atlas } from '../../contracts/atlas.js';
import { fixtureAtlas } from '../atlas/fixture.js';
import { fixtureRun } from '../fixture.js';
import { compareRuns, type Named } from './compare.js';
import type { RunDiff } from '../../contracts/run-diff.js';

const base = new Map(fixtureRun().findings.map((finding) => [finding.ruleId, finding]));
const of = (ruleId: string): Finding => {
  const finding = base.get(ruleId);
  if (finding === undefined) throw new Error(`the fixture has no finding of ${ruleId}`);
  return finding;
};
const as = (ruleId: string, like: string, more: Partial<Finding> = {}): Finding => ({ ...of(like), ruleId, title: `the title of ${ruleId}`, ...more });

const OLD: readonly Finding[] = [
  as('first_name/charset', 'mobile_number/length', { reason: '5 good and 9 bad inputs were answered as documented' }),
  as('last_name/charset', 'mobile_number/length'),
  of('object_reference_id/unique'),
  as('email_address/charset', 'first_name/charset'),
  as('sequence/race', 'first_name/charset', { verdict: 'flaky', rate: { broken: 1, of: 6 } }),
  as('mobile_number/digits', 'first_name/charset'),
  of('robustness/values'),
  of('error/info'),
  of('response/id-prefix'),
  as('credentials/key', 'mobile_number/length', { title: 'another key is refused' }),
  of('credentials/scheme'),
  as('customers/read', 'mobile_number/length', { title: 'a customer can be read' }),
  as('customers/update', 'customers/read'),
  { ...of('mobile_number/plus'), reading: { 'plus and 9 digits': 'accepted', 'plus and 12 digits': 'refused', 'country code without plus': 'accepted' } },
  as('first_name/non-ascii', 'mobile_number/plus', { reading: { 'U+00E9 (é)': 'refused' } }),
  as('token/lifetime', 'mobile_number/length'),
  as('names/optional-together', 'mobile_number/length'),
];

const NEW: readonly Finding[] = [
  of('first_name/charset'),
  as('last_name/charset', 'first_name/charset', { accepted: { reason: 'names of partners have blanks', link: 'https://tickets.example.com/17' } }),
  of('object_reference_id/unique'),
  as('email_address/charset', 'mobile_number/length'),
  as('sequence/race', 'mobile_number/length'),
  as('mobile_number/digits', 'credentials/key'),
  { ...of('robustness/values'), verdict: 'fail' },
  { ...of('error/info'), verdict: 'warn', reason: 'an error body had no error_info', expected: 'error_info', got: '400 {"status":"<b>bad</b>"}' },
  as('response/id-prefix', 'error/info'),
  of('credentials/key'),
  as('credentials/scheme', 'mobile_number/length'),
  { ...of('customers/read'), verdict: 'skipped' },
  as('customers/update', 'mobile_number/length'),
  of('mobile_number/plus'),
  as('first_name/non-ascii', 'mobile_number/plus', { reading: { 'U+00E9 (é)': 'refused', 'U+1F600, emoji': 'accepted' } }),
  as('object_reference_id/length', 'mobile_number/length'),
  as('last_name/length', 'first_name/charset'),
];

/** The atlas with an apostrophe refused, and longer values accepted. */
const laterAtlas = (): Atlas => {
  const { fields, ...rest } = fixtureAtlas();
  return {
    ...rest,
    fields: fields.map((field) => ({
      ...field,
      characters: field.characters.map((character) =>
        character.codePoint === 0x27 ? { ...character, got: Object.fromEntries(field.positions.map((position) => [position, 'refused' as const])) } : character,
      ),
      ...(field.lengths?.longest === undefined
        ? {}
        : { lengths: { ...field.lengths, longest: { ...field.lengths.longest, accepted: 255, beyond: 256, documented: 'open' as const } } }),
    })),
  };
};

export const oldRun = (): Named => ({
  name: 'reports/released',
  atlas: fixtureAtlas(),
  run: fixtureRun({
    findings: [...OLD],
    budget: { name: 'smoke', maxRequests: 300 },
    rules: ['*'],
    tool: { name: 'juspay-customer-conformance', version: '0.0.0' },
  }),
});
export const newRun = (): Named => ({
  name: 'reports/candidate',
  atlas: laterAtlas(),
  run: fixtureRun({
    findings: [...NEW],
    seed: 8,
    started: '2026-03-18T09:00:00.000Z',
    ended: '2026-03-18T09:00:04.000Z',
    tool: { name: 'juspay-customer-conformance', version: '0.1.0' },
  }),
});

/** Everything that there is to say at once. */
export const fixtureDiff = (): RunDiff => compareRuns(oldRun(), newRun());

/** NEW broke nothing and fixed something. */
export const greenDiff = (): RunDiff => {
  const old = fixtureRun({ findings: [of('mobile_number/length'), of('object_reference_id/unique'), as('email_address/charset', 'first_name/charset')] });
  const now = fixtureRun({ findings: [of('mobile_number/length'), of('object_reference_id/unique'), as('email_address/charset', 'mobile_number/length')] });
  return compareRuns({ run: old, name: 'old' }, { run: now, name: 'new' });
};

/** NEW could not check anything. */
export const blockedDiff = (): RunDiff => {
  const reason = 'no published sample was accepted, so nothing can be learnt (the API key or merchant id is not accepted): 401';
  const findings = OLD.map((finding) => ({ ...as(finding.ruleId, 'credentials/key'), reason }));
  return compareRuns(oldRun(), { name: 'reports/candidate', run: fixtureRun({ findings, status: 'blocked', blockedBy: reason, exitCode: 2 }) });
};
