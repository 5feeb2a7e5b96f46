/** Which rules an interaction that was not kept breaks: what differs in the answer says so, else the rules that its request is an example of. */
import type { ResponseCheck } from '../../contracts/model.js';
import { ruleById } from '../../contracts/rules/index.js';
import type { Mismatch, VerifiedInteraction } from './verify.js';

export interface Broken {
  readonly rule: string;
  readonly mismatch: Mismatch;
}

/** The stand-in for a rule where an interaction names none: pacts of other people are verified too. */
export function ruleOfForeign({ consumer, description }: Pick<VerifiedInteraction, 'consumer' | 'description'>): string {
  const slug = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  return `pact/${slug(consumer)}/${slug(description)}`;
}

/** The rules that the interaction holds the provider to. */
export function rulesHeld(interaction: VerifiedInteraction): readonly string[] {
  const known = interaction.rules.filter((rule) => ruleById(rule) !== undefined);
  return known.length > 0 ? known : [ruleOfForeign(interaction)];
}

/** The rules of its request, which say whether it is accepted at all. */
function premises(interaction: VerifiedInteraction): readonly string[] {
  const held = rulesHeld(interaction);
  const own = held.filter((rule) => ruleById(rule)?.kind !== 'response');
  return own.length > 0 ? own : held;
}

/** The rules that the interaction shows to be broken, each with what shows it; none where it passed or could not be verified. */
export function brokenBy(interaction: VerifiedInteraction): Broken[] {
  if (interaction.outcome !== 'failed') return [];
  const wrongKind = interaction.mismatches.find((mismatch) => mismatch.type === 'NoAnswer' || (mismatch.type === 'StatusMismatch' && !sameKind(mismatch)));
  // An answer of the wrong kind has nothing else of the right one.
  if (wrongKind !== undefined) return premises(interaction).map((rule) => ({ rule, mismatch: wrongKind }));
  const found = new Map<string, Broken>();
  for (const mismatch of interaction.mismatches) for (const rule of rulesOf(interaction, mismatch)) if (!found.has(rule)) found.set(rule, { rule, mismatch });
  return [...found.values()];
}

/** Rules that it shows to be kept: all of them where it passed, else those that what differs says nothing of. */
export function keptBy(interaction: VerifiedInteraction): readonly string[] {
  if (interaction.outcome === 'passed') return rulesHeld(interaction);
  const broken = brokenBy(interaction);
  const wrongKind = broken.some(({ mismatch }) => mismatch.type === 'NoAnswer' || (mismatch.type === 'StatusMismatch' && !sameKind(mismatch)));
  if (interaction.outcome === 'blocked' || wrongKind) return [];
  return rulesHeld(interaction).filter((rule) => !broken.some((each) => each.rule === rule));
}

/** Both 2xx, or both 4xx: the request was taken as it should be, and only the code differs. */
function sameKind({ expected = '', actual = '' }: Mismatch): boolean {
  const code = /\d{3}/.exec(expected)?.[0] ?? '4';
  return code.charAt(0) === (/\d{3}/.exec(actual)?.[0] ?? '').charAt(0);
}

function rulesOf(interaction: VerifiedInteraction, mismatch: Mismatch): readonly string[] {
  const about = rulesHeld(interaction).filter((id) => {
    const rule = ruleById(id);
    return rule?.kind === 'response' && isAbout(rule.check, mismatch);
  });
  return about.length > 0 ? about : premises(interaction);
}

function isAbout(check: ResponseCheck, { type, at = '' }: Mismatch): boolean {
  if (type === 'StatusMismatch') return check.kind === 'status';
  if (type === 'HeaderMismatch' || type === 'BodyTypeMismatch') return check.kind === 'media-type';
  const member = at.replace(/^\$\.?/, '');
  switch (check.kind) {
    case 'echo':
      return check.field === member;
    case 'strings':
      return check.members.includes(member);
    case 'token-iff-asked':
      return member === 'juspay';
    case 'json-object':
      return member === '';
    default:
      return 'member' in check && check.member === member;
  }
}
