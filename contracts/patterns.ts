/**
 * What the rules say of a text, as a regular expression: the matchers of recorded contracts are made of these. Written
 * for JavaScript and for the verifiers of other languages alike: no look-around, no inline flags, ASCII digits.
 */
import { DATE_TIME } from './date-time.js';
import type { CharsetConstraint, ExamplesConstraint, FieldName, FormsConstraint, InputRule, LengthConstraint, ResponseCheck, ResponseRule } from './model.js';
import { RULES } from './rules/index.js';

/** Lower-case labels with dots: the domain of a safe address. */
const DOMAIN = '[a-z]+(?:\\.[a-z]+)+';

const inputRules = RULES.filter((rule): rule is InputRule => rule.kind === 'input');

function constraintsOf(field: FieldName): readonly InputRule['constraint'][] {
  return inputRules.map(({ constraint }) => constraint).filter((constraint) => 'field' in constraint && constraint.field === field);
}

const RANGES = [
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'A-Z'],
  ['abcdefghijklmnopqrstuvwxyz', 'a-z'],
  ['0123456789', '0-9'],
] as const;

/** The characters as the inside of a character class, alphabets as ranges. */
function inClass(characters: string): string {
  const escaped = characters.replace(/[\\\]^[\-&~]/g, '\\$&');
  return RANGES.reduce((text, [all, range]) => text.replace(all, range), escaped);
}

/** The text as it stands. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** The text in any letter case. */
export function inAnyCase(text: string): string {
  return [...text].map((character) => (/[a-z]/i.test(character) ? `[${character.toUpperCase()}${character.toLowerCase()}]` : literally(character))).join('');
}

/**
 * Good values of a field, as the constraints of its rules have them: the characters and lengths that every target
 * accepts, without what the document leaves open.
 */
export function fieldPattern(field: FieldName): string {
  const constraints = constraintsOf(field);
  const examples = constraints.filter((each): each is ExamplesConstraint => each.kind === 'examples').flatMap(({ values }) => values);
  if (examples.length > 0) return `^(?:${examples.map(literally).join('|')})$`;
  const charset = constraints.find((each): each is CharsetConstraint => each.kind === 'charset');
  const length = constraints.find((each): each is LengthConstraint => each.kind === 'length');
  if (charset?.scope === 'local-part') return `^${localPart(charset)}@${DOMAIN}$`;
  const [min, max] = length === undefined ? (charset?.length ?? [1, 64]) : [length.min, length.max];
  const forms = constraints.find((each): each is FormsConstraint => each.kind === 'forms');
  const characters = charset === undefined ? `A-Za-z0-9_${forms?.forms.includes('email') === true ? '@.' : ''}` : inClass(charset.allowed);
  return `^[${characters}]{${min},${max}}$`;
}

function localPart({ allowed, notAtEdges = '', length: [, max] }: CharsetConstraint): string {
  const edge = inClass([...allowed].filter((character) => !notAtEdges.includes(character)).join(''));
  return `[${edge}](?:[${inClass(allowed)}]{0,${max * 2}}[${edge}])?`;
}

/**
 * `Basic` and the base64 of a key with a colon behind it and nothing else: the colon ends the decoded text, which shows
 * in the last group of the base64 in one of three ways.
 */
export const CREDENTIAL_PATTERN = '^[Bb][Aa][Ss][Ii][Cc] (?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]6|[A-Za-z0-9+/][DTjz]o=|Og==)$';

/** What a member of a response has to be for a rule about responses, as a pattern; undefined where a pattern cannot say it. */
export function memberPattern(check: ResponseCheck): { readonly member: string; readonly pattern: string } | undefined {
  switch (check.kind) {
    case 'string':
      return { member: check.member, pattern: check.nonEmpty ? '^[\\s\\S]+$' : '^[\\s\\S]*$' };
    case 'date-time':
      return { member: check.member, pattern: DATE_TIME.source.replaceAll('\\d', '[0-9]') };
    case 'pattern':
      return { member: check.member, pattern: check.pattern };
    case 'constant':
      return { member: check.member, pattern: `^${literally(check.is)}$` };
    default:
      return undefined;
  }
}

/** The media type of a response, with or without parameters, in any letter case. */
export function mediaTypePattern(type: string): string {
  return `^${inAnyCase(type)}[ \\t]*(?:;.*)?$`;
}

/** Every text but this one, without look-ahead: shorter, longer, or another character in some place. */
export function anythingBut(text: string): string {
  const others = [...text].map((character, index) => `.{${index}}[^${inClass(character)}].{${text.length - index - 1}}`);
  return `^(?:.{0,${text.length - 1}}|.{${text.length + 1},}|${others.join('|')})$`;
}

/** The must rules about the response on one occasion, in the order of the rules. */
export function mustsOn(...occasions: readonly ResponseRule['on'][]): readonly ResponseRule[] {
  return RULES.filter((rule): rule is ResponseRule => rule.kind === 'response' && rule.level === 'must' && occasions.includes(rule.on));
}
