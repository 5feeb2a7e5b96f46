/** What a rule asks, in words. */
import type { Constraint, ResponseExample, Rule } from '../contracts/model.js';
import { plural, quoted } from '../reports/text.js';

/** A sentence or two on what the constraint asks of a request. */
export function constraintWords(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'presence':
      return `${constraint.fields.join(' and ')}: ${constraint.presence === 'required' ? 'has to be there, with a value' : 'may be left out'}.`;
    case 'length': {
      const { field, min, max, below, above } = constraint;
      const beyond = { violating: 'break the rule', open: 'are left open' } as const;
      const shorter = min > 1 ? ` Fewer ${beyond[below]}.` : '';
      return `${field}: ${String(min)} to ${plural(max, 'character')} (code points) are good.${shorter} More ${beyond[above]}.`;
    }
    case 'charset': {
      const { field, scope, allowed, forbidden, notAtEdges, openInFront } = constraint;
      const where = scope === 'local-part' ? `the local part of ${field}` : field;
      const edges = notAtEdges === undefined ? '' : ` ${spaced(notAtEdges)} are good inside only.`;
      const front = openInFront === undefined ? '' : ` ${spaced(openInFront)} in first place is left open.`;
      return `${where}: good are ${ranges(allowed)}.${edges} Bad anywhere are ${ranges(forbidden)}.${front}`;
    }
    case 'edges':
      return `${constraint.field}: ${spaced(constraint.characters)} are good inside the local part, and bad as its first or last character.`;
    case 'separator':
      return `${constraint.field}: there is a ${constraint.separator} with something on each side.`;
    case 'examples':
      return `${constraint.field}: ${constraint.values.map(quoted).join(', ')} are good. Other values are left open here.`;
    case 'forms':
      return `${constraint.field}: good in the forms ${constraint.forms.map(words).join(', ')}.`;
    case 'credential':
      return credentialWords([
        ['good', constraint.conforming],
        ['bad', constraint.violating],
        ['left open', constraint.open],
      ]);
    case 'merchant':
      return credentialWords([
        ['good', constraint.conforming],
        ['left open', constraint.open],
      ]).replace('Authorization', 'x-merchantid');
    case 'media-type':
      return credentialWords([
        ['good', constraint.conforming],
        ['left open', constraint.open.map((value) => value ?? 'no header')],
      ]).replace('Authorization', 'Content-Type');
    case 'transfer':
      return 'The body comes in chunks, without a Content-Length.';
    case 'path':
      return `The request goes to ${constraint.open.join(', ')} instead of /customers.`;
    case 'spelling':
      return `The form is written otherwise (${words(constraint.spelling)}) and means the same: it is answered as its plain equal.`;
    case 'odd-form':
      return `The form is odd (${words(constraint.form)}).`;
    case 'robustness':
      return `Complete requests of the family "${words(constraint.family)}" are answered below 500, wholly and in time.`;
    case 'open-values':
      return `${constraint.field}: values that the document leaves open.`;
    default:
      return constraint satisfies never;
  }
}

/** What happens to a conforming and to a violating request, in words. */
export function outcomeWords(rule: Extract<Rule, { readonly kind: 'input' }>): { readonly good: string; readonly bad: string } {
  const { whenConforming, whenViolating } = rule;
  const bad = {
    refused: (): string => `refused${whenViolating.outcome === 'refused' ? ` (${words(whenViolating.offence)})` : ''}`,
    'left-open': (): string => `left open${whenViolating.outcome === 'left-open' ? `: ${whenViolating.rule} observes it` : ''}`,
    'no-such-input': (): string => `there is none${whenViolating.outcome === 'no-such-input' ? `: ${whenViolating.because}` : ''}`,
  }[whenViolating.outcome]();
  return { good: whenConforming.outcome === 'accepted' ? 'accepted' : 'answered below 500', bad };
}

/** A response, told by what differs from the published one. */
export function responseWords({ status, headers = {}, members = {}, text, twice = false }: ResponseExample): string {
  const parts = [
    ...(status === undefined ? [] : [`status ${String(status)}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...Object.entries(members).map(([name, value]) => (value === undefined ? `without ${name}` : `${name} = ${JSON.stringify(value)}`)),
    ...(text === undefined ? [] : [`the body ${quoted(text)}`]),
    ...(twice ? ['the same again for another customer'] : []),
  ];
  return parts.length === 0 ? 'as published' : parts.join(', ');
}

/** `key-prefix` as `key prefix`, and `canonical` as what it means. */
export function words(name: string): string {
  return name === 'canonical' ? 'as documented' : name.replaceAll('-', ' ');
}

function credentialWords(groups: readonly (readonly [string, readonly string[]])[]): string {
  const said = groups
    .filter(([, forms]) => forms.length > 0)
    .map(([judgement, forms]) => `${judgement}: ${forms.map((form) => (form === '' ? 'empty' : words(form))).join(', ')}`);
  return `Authorization ${said.join('; ')}.`;
}

/** Characters with blanks between, the invisible ones by name. */
function spaced(characters: string): string {
  return Array.from(characters, nameOf).join(' ');
}

/** The same, with runs of letters and digits as ranges: `A-Z a-z 0-9 ( )`. */
function ranges(characters: string): string {
  const points = Array.from(characters).sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  const runs: string[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (
      run !== undefined &&
      last !== undefined &&
      isAlphanumeric(last) &&
      isAlphanumeric(point) &&
      (point.codePointAt(0) ?? 0) - (last.codePointAt(0) ?? 0) === 1
    )
      run.push(point);
    else runs.push([point]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0] ?? ''}-${run.at(-1) ?? ''}` : run.map(nameOf).join(' '))).join(' ');
}

function isAlphanumeric(character: string): boolean {
  return /^[A-Za-z0-9]$/.test(character);
}

const NAMES: Readonly<Record<string, string>> = { ' ': 'blank', '\t': 'TAB', '\n': 'LF', '\r': 'CR' };

function nameOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return NAMES[character] ?? (point < 0x20 || point > 0x7e ? `U+${point.toString(16).toUpperCase().padStart(4, '0')}` : character);
}
