/** In what two requests differ: part by part, and within a value. */
import type { SentRequest } from '../../contracts/finding.js';
import { bodyText, formFields } from './decode.js';

/** A part of the request in the accepted control and in the counterexample; null where it was not sent. */
export interface Part {
  readonly name: string;
  readonly of: 'line' | 'header' | 'field' | 'body';
  readonly control: string | null;
  readonly sent: string | null;
}

/** Two values cut where they begin and end to be the same. */
export interface Within {
  readonly before: string;
  readonly control: string;
  readonly sent: string;
  readonly after: string;
}

/**
 * The parts of the two: method, path and headers where they differ, and every field of the form (of two bodies that are
 * no forms, the bodies where they differ). A Content-Length that follows from the body is left out.
 */
export function partsOf(control: SentRequest, sent: SentRequest): Part[] {
  const fields = [formFields(control), formFields(sent)] as const;
  const isForm = fields[0] !== undefined && fields[1] !== undefined;
  const differing = [
    { name: 'method', of: 'line' as const, control: control.method, sent: sent.method },
    { name: 'path', of: 'line' as const, control: control.path, sent: sent.path },
    ...paired('header', control.headers, sent.headers).filter(({ name }) => name.toLowerCase() !== 'content-length'),
    ...(isForm ? [] : [{ name: 'body', of: 'body' as const, control: bodyText(control.body), sent: bodyText(sent.body) }]),
  ].filter((part) => !isSame(part));
  const inForm = isForm ? paired('field', fields[0], fields[1]) : [];
  // Two spellings of one form are told apart by their bodies only.
  const rest =
    isForm && inForm.every(isSame) && control.body.text !== sent.body.text
      ? [{ name: 'body', of: 'body' as const, control: bodyText(control.body), sent: bodyText(sent.body) }]
      : [];
  return [...differing, ...inForm, ...rest];
}

export function isSame({ control, sent }: Part): boolean {
  return control === sent;
}

/** The two values without what they have in common at their beginning and their end; no character is cut in half. */
export function within(control: string, sent: string): Within {
  const [left, right] = [Array.from(control), Array.from(sent)];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const middle = (characters: readonly string[]): string => characters.slice(start, characters.length - end).join('');
  return { before: left.slice(0, start).join(''), control: middle(left), sent: middle(right), after: left.slice(left.length - end).join('') };
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** Both lists side by side: the n-th part of a name beside the other's n-th of that name (of headers whatever the case), in the order of what was sent. */
function paired(of: 'header' | 'field', control: Pairs, sent: Pairs): Part[] {
  const keyed = (pairs: Pairs): Map<string, { readonly name: string; readonly value: string }> => {
    const seen = new Map<string, number>();
    return new Map(
      pairs.map(([name, value]) => {
        const key = of === 'header' ? name.toLowerCase() : name;
        const nth = (seen.get(key) ?? 0) + 1;
        seen.set(key, nth);
        return [`${key}\n${String(nth)}`, { name, value }];
      }),
    );
  };
  const [left, right] = [keyed(control), keyed(sent)];
  return [...new Set([...right.keys(), ...left.keys()])].map((key) => ({
    name: right.get(key)?.name ?? left.get(key)?.name ?? '',
    of,
    control: left.get(key)?.value ?? null,
    sent: right.get(key)?.value ?? null,
  }));
}
