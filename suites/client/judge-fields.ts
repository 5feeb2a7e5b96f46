/** The fields of a body: which are there, and what they hold. */
import leven from 'leven';
import { judge, judgeValue } from '../../contracts/judge.js';
import { FIELDS, type FieldName, type InputRule, type ValueConstraint } from '../../contracts/model.js';
import { RULES, ruleById } from '../../contracts/rules/index.js';
import { judgedRequest, type Captured, type Fields } from './captured.js';
import { rawPairs } from './judge-encoding.js';
import type { Judged, Offence } from './offence.js';
import { openCases } from './open-values.js';

const inputRules = RULES.filter((rule): rule is InputRule => rule.kind === 'input');
const REQUIRED = inputRules.filter(({ constraint }) => constraint.kind === 'presence' && constraint.presence === 'required');
/** Rules about the value of a field that a value can break. Lists of good values say nothing of others. */
const VALUE_RULES = inputRules.filter(
  (rule): rule is InputRule & { readonly constraint: ValueConstraint } =>
    rule.constraint.kind === 'length' || rule.constraint.kind === 'charset' || rule.constraint.kind === 'edges' || rule.constraint.kind === 'separator',
);
const TOKEN = 'options.get_client_auth_token';
const TOKEN_RULES = [`${TOKEN}/true`, `${TOKEN}/false`] as const;

/** What programs write where they have no value. A name may be Null or None: in another letter case these are taken as names. */
export const NO_VALUE: ReadonlySet<string> = new Set(['undefined', 'null', 'None', 'nil', 'NaN', '[object Object]']);
const SPELLINGS_OF_FALSE = new Set(['false', 'f', 'no', 'n', 'off', '0', '']);

const isField = (name: string): name is FieldName => FIELDS.some((field) => field === name);
const verdictOf = ({ level }: Pick<InputRule, 'level'>): 'fail' | 'warn' => (level === 'must' ? 'fail' : 'warn');

/** Judges the fields of a create or an update. An undecodable body has no field at fault. */
export function judgeFields(request: Captured, apiKey: string): Judged {
  const { fields } = request;
  if (fields === undefined) return { applied: [], offences: [] };
  const applied = new Set<string>(['encoding/unknown-fields', 'encoding/repeated']);
  const offences: Offence[] = [];
  if (request.kind === 'create') {
    for (const rule of REQUIRED) applied.add(rule.id);
    offences.push(...missing(request, apiKey), ...absentAddress(fields));
  }
  const single = (field: FieldName): string | undefined => {
    const values = fields.filter(([name]) => name === field);
    return values.length === 1 ? values[0]?.[1] : undefined;
  };
  for (const field of FIELDS) {
    const value = single(field);
    if (value === undefined) continue;
    const judged = judgeOne(field, value, single);
    for (const id of judged.applied) applied.add(id);
    offences.push(...(maybePlus(request, field) ? judged.offences.map(withPlus) : judged.offences));
  }
  return { applied: [...applied], offences: [...offences, ...repeated(fields), ...unknown(fields), ...inQuery(request)] };
}

/** A blank that came as a plus: both can have been meant, and the bytes do not tell which. */
function maybePlus({ body, bodyForm }: Captured, field: FieldName): boolean {
  return bodyForm === 'form' && rawPairs(body.toString('latin1')).some(([name, value]) => name === field && value.includes('+'));
}

function withPlus(offence: Offence): Offence {
  const isAboutIt = /\/(?:charset|digits|characters)$/.test(offence.ruleId) && offence.got.includes('" "');
  return isAboutIt ? { ...offence, got: `${offence.got}; a plus that is sent as it is reads as a blank, and is written %2B` } : offence;
}

function missing(request: Captured, apiKey: string): Offence[] {
  const names = request.fields?.map(([name]) => name) ?? [];
  return REQUIRED.flatMap((rule) => {
    if (judge(rule.constraint, judgedRequest(request, apiKey)) !== 'violating' || rule.constraint.kind !== 'presence') return [];
    return rule.constraint.fields.map((field): Offence => {
      const value = request.fields?.find(([name]) => name === field)?.[1] ?? null;
      const inQuery = new URLSearchParams(request.target.split('?')[1] ?? '').has(field);
      const meant = names.find((name) => !isField(name) && nearestField(name) === field);
      const hint = inQuery ? '; it is in the query of the URL' : meant === undefined ? '' : `; ${meant} is another field`;
      return {
        ruleId: rule.id,
        verdict: verdictOf(rule),
        part: field,
        value,
        expected: `${field} with a value`,
        got: `${value === null ? 'none' : 'an empty one'}${hint}`,
      };
    });
  });
}

function absentAddress(fields: Fields): Offence[] {
  if (fields.some(([name]) => name === 'email_address')) return [];
  const expected = 'an email_address where the gateway behind Juspay wants one; otherwise it may be left out';
  return [{ ruleId: 'email_address/absent', verdict: 'observed', part: 'email_address', value: null, expected, got: 'none' }];
}

function judgeOne(field: FieldName, value: string, others: (field: FieldName) => string | undefined): Judged {
  if (NO_VALUE.has(value) && field !== TOKEN) return wordOffence(field, value);
  if (field === TOKEN) return tokenOption(value);
  const rules = VALUE_RULES.filter(({ constraint }) => constraint.field === field);
  const offence = ({ ruleId, verdict, expected, got }: Pick<Offence, 'ruleId' | 'verdict' | 'expected' | 'got'>): Offence => ({
    ruleId,
    verdict,
    part: field,
    value,
    expected,
    got,
  });
  // An empty one is for the rules about presence, and for open questions.
  const broken = value === '' ? [] : rules.filter((rule) => judgeValue(rule.constraint, value) === 'violating' || isNoDigits(rule, value));
  return {
    applied: [...rules.map(({ id }) => id), ...(ruleById(`${field}/optional`) === undefined ? [] : [`${field}/optional`])],
    offences: [
      ...broken.map((rule) => offence({ ruleId: rule.id, verdict: verdictOf(rule), ...words(rule, value) })),
      ...openCases(field, value, others).map(offence),
    ],
  };
}

/** The rules list the characters that targets are tried with; for a client "digits only" is about every character there is. */
function isNoDigits({ id }: InputRule, value: string): boolean {
  return id.endsWith('/digits') && !/^\+?[0-9]*$/.test(value);
}

/** A word that stands for no value was sent as one. */
function wordOffence(field: FieldName, value: string): Judged {
  const required = REQUIRED.find(({ constraint }) => constraint.kind === 'presence' && constraint.fields.includes(field));
  const ruleId = required?.id ?? (ruleById(`${field}/optional`) === undefined ? `${field}/absent` : `${field}/optional`);
  const verdict = required === undefined ? 'warn' : verdictOf(required);
  const expected = required === undefined ? `a value, or no ${field} at all: leave the field out where there is no value` : `a value for ${field}`;
  return {
    applied: [ruleId],
    offences: [{ ruleId, verdict, part: field, value, expected, got: `the word ${value}, which programs write where they have no value` }],
  };
}

/** The page has a closed list here, so that another spelling is wrong for a client, whatever a target makes of it. */
function tokenOption(value: string): Judged {
  const good = TOKEN_RULES.some((id) => {
    const rule = ruleById(id);
    return rule?.kind === 'input' && rule.constraint.kind === 'examples' && judgeValue(rule.constraint, value) === 'conforming';
  });
  const ruleId = SPELLINGS_OF_FALSE.has(value.trim().toLowerCase()) ? TOKEN_RULES[1] : TOKEN_RULES[0];
  if (good) return { applied: [ruleId], offences: [] };
  return {
    applied: [ruleId],
    offences: [{ ruleId, verdict: 'fail', part: TOKEN, value, expected: 'true or false, in lower case', got: `${JSON.stringify(value)}, which is neither` }],
  };
}

function words({ constraint }: InputRule, value: string): Pick<Offence, 'expected' | 'got'> {
  switch (constraint.kind) {
    case 'length':
      return { expected: `at least ${String(constraint.min)} characters`, got: `${String([...value].length)} characters` };
    case 'charset': {
      const isBad = (character: string): boolean =>
        constraint.forbidden.includes(character) || (constraint.alphabet === 'digits' && !constraint.allowed.includes(character));
      const bad = [...new Set([...value].filter(isBad))];
      const twice = /%[0-9A-Fa-f]{2}/.test(value) ? '; it was percent-encoded twice' : '';
      return { expected: charsetWords(constraint.field), got: `${bad.map((character) => JSON.stringify(character)).join(' ')} in it${twice}` };
    }
    case 'edges':
      return { expected: '_ and . inside the part before the @ only', got: '_ or . at an edge of that part' };
    default:
      return { expected: 'an @ with something on each side', got: /%40/i.test(value) ? 'none; it was percent-encoded twice' : 'none' };
  }
}

function charsetWords(field: FieldName): string {
  switch (field) {
    case 'first_name':
    case 'last_name':
      return 'letters, digits and ( ) . - _ only';
    case 'email_address':
      return "letters, digits and ! # $ % & ' * + - / = ? ^ _ . { | } ~ ` @ only";
    default:
      return 'digits only';
  }
}

function repeated(fields: Fields): Offence[] {
  const names = [...new Set(fields.map(([name]) => name))];
  return names.flatMap((name): Offence[] => {
    const values = fields.filter(([sent]) => sent === name).map(([, value]) => value);
    if (values.length === 1) return [];
    const expected = 'each field once: which of several values counts is left open';
    return [{ ruleId: 'encoding/repeated', verdict: 'observed', part: name, value: values.join(' | '), expected, got: `${String(values.length)} times` }];
  });
}

/** Documented fields that a create has in its URL only: they are for the body, and nobody says that they are read there. A required one is told of as missing. */
function inQuery({ kind, target, fields = [] }: Captured): Offence[] {
  if (kind !== 'create') return [];
  const required = new Set<string>(REQUIRED.flatMap(({ constraint }) => (constraint.kind === 'presence' ? constraint.fields : [])));
  return [...new URLSearchParams(target.split('?')[1])]
    .filter(([name]) => isField(name) && !required.has(name) && !fields.some(([sent]) => sent === name))
    .map(([name, value]) => ({
      ruleId: 'encoding/unknown-fields',
      verdict: 'warn',
      part: name,
      value,
      expected: `${name} in the body`,
      got: 'a field in the query of the URL, where the page has none',
    }));
}

function unknown(fields: Fields): Offence[] {
  const sent = new Set(fields.map(([name]) => name));
  return [...sent]
    .filter((name) => !isField(name))
    .map((name): Offence => {
      const value = fields.find(([given]) => given === name)?.[1] ?? '';
      const near = nearestField(name);
      const ruleId = 'encoding/unknown-fields';
      // A name beside one that is there as well is no slip.
      if (near === undefined || sent.has(near)) {
        return {
          ruleId,
          verdict: 'observed',
          part: name,
          value,
          expected: 'the fields that the page names: others may be ignored or refused',
          got: 'a field that the page does not name',
        };
      }
      return { ruleId, verdict: 'warn', part: name, value, expected: `did you mean ${near}?`, got: 'a name that is nearly one of the page' };
    });
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The documented field that a name was probably meant to be: other punctuation or letter case, a part of it, a slip. */
export function nearestField(name: string): FieldName | undefined {
  const given = plain(name);
  const ranked = FIELDS.map((field) => {
    const known = plain(field);
    if (known === given) return { field, distance: 0 };
    const part = given.length >= 5 && (known.startsWith(given) || known.endsWith(given)) ? 1 : Number.POSITIVE_INFINITY;
    const slips = leven(given, known);
    return { field, distance: Math.min(part, slips <= Math.max(1, Math.floor(known.length / 4)) ? slips : Number.POSITIVE_INFINITY) };
  }).sort((a, b) => a.distance - b.distance);
  return ranked[0]?.distance === Number.POSITIVE_INFINITY ? undefined : ranked[0]?.field;
}
