/** How a form body is written: percent-encoded once, as UTF-8, with nothing in it as it is that has a meaning of its own. */
import { judge } from '../../contracts/judge.js';
import { FIELDS, type OddForm } from '../../contracts/model.js';
import { judgedRequest, type Captured, type Fields } from './captured.js';
import type { Judged, Offence } from './offence.js';

const APPLIED = ['encoding/percent-once', 'encoding/utf-8', 'encoding/escaped-plus', 'encoding/semicolon', 'encoding/nul'] as const;

/** Judges the bytes of a form body; JSON and multipart have been told of already. */
export function judgeEncoding(request: Captured, apiKey: string): Judged {
  const { body, bodyForm } = request;
  if (bodyForm !== 'form' && bodyForm !== 'unreadable') return { applied: [], offences: [] };
  const judged = judgedRequest(request, apiKey);
  const isOdd = (form: OddForm): boolean => judge({ kind: 'odd-form', form }, judged) === 'open';
  const raw = body.toString('latin1');
  const offence = (
    ruleId: string,
    got: string,
    expected: string,
    part = 'the body',
    value = shortened(body),
    verdict: Offence['verdict'] = 'fail',
  ): Offence => ({
    ruleId,
    verdict,
    part,
    value,
    expected,
    got,
  });
  const offences: Offence[] = [];
  const at = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(raw)?.[0];
  if (isOdd('malformed-escape'))
    offences.push(offence('encoding/percent-once', `${JSON.stringify(at ?? '%')}, which is no escape`, 'a percent sign written as %25'));
  const bare = unencoded(body);
  if (bare !== undefined)
    offences.push(
      offence('encoding/percent-once', `${bare} as it is`, 'everything but ASCII letters, digits and * - . _ percent-encoded, a blank as + or %20'),
    );
  if (isOdd('invalid-utf-8')) offences.push(offence('encoding/utf-8', 'bytes that are not UTF-8', 'text encoded as UTF-8, and then percent-encoded'));
  if (isOdd('nul'))
    offences.push(offence('encoding/nul', 'a NUL character', 'text without NUL: a target may refuse it', 'the body', shortened(body), 'observed'));
  return { applied: [...APPLIED], offences: [...offences, ...twice(request), ...pluses(request, raw), ...semicolons(raw)] };
}

const shortened = (body: Buffer): string => {
  const text = body.toString('utf8');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

/** What stands in the body that every encoder escapes: blanks, controls, bytes beyond ASCII. */
function unencoded(body: Buffer): string | undefined {
  const bytes = body.filter((byte) => byte <= 0x20 || byte >= 0x7f);
  const [first] = bytes;
  if (first === undefined) return undefined;
  if (first === 0x20) return 'a blank';
  if (first === 0x0a || first === 0x0d)
    return body.at(-1) === first && bytes.every((byte) => byte === 0x0a || byte === 0x0d) ? 'a line end behind the body' : 'a line end';
  return first >= 0x80 ? `bytes beyond ASCII (${JSON.stringify(Buffer.from(bytes).toString('utf8').slice(0, 20))})` : 'a control character';
}

/** The pairs of a form as they stand in it. */
export function rawPairs(raw: string): Fields {
  return raw.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** Characters that every encoder escapes, as they are and escaped; a body with the first alone was not encoded. */
const [RESERVED, ESCAPED] = [/[@:/?,;$#]/, /%(?:40|3A|2F|3F|2C|3B|24|23|2B|26|3D)/i];

/**
 * A plus that was sent as it is reads as a blank. That a plus was meant shows where nothing is encoded and no blank makes
 * sense: elsewhere the bytes are those of a blank, which is for the rules of the field.
 */
function pluses({ fields }: Captured, raw: string): Offence[] {
  if (!RESERVED.test(raw) || ESCAPED.test(raw)) return [];
  return rawPairs(raw).flatMap(([name, value]): Offence[] => {
    const isNumber = name === 'mobile_number' || name === 'mobile_country_code';
    const isReference = name === 'object_reference_id';
    const meant =
      ((isNumber || isReference) && /^\+[0-9]+$/.test(value)) || ((isReference || name === 'email_address') && value.includes('+') && value.includes('@'));
    if (!meant) return [];
    const read = fields?.find(([sent]) => sent === name)?.[1] ?? null;
    return [
      {
        ruleId: 'encoding/escaped-plus',
        verdict: 'fail',
        part: name,
        value: read,
        expected: 'a plus written as %2B',
        got: 'a plus as it is, which reads as a blank',
      },
    ];
  });
}

/** Of the bytes as they came: an encoded semicolon is part of its value. */
function semicolons(raw: string): Offence[] {
  return rawPairs(raw).flatMap(([name, value]): Offence[] => {
    const other = FIELDS.find((field) => value.includes(`;${field}=`));
    if (other === undefined) return [];
    return [
      {
        ruleId: 'encoding/semicolon',
        verdict: 'fail',
        part: name,
        value,
        expected: 'fields joined by &',
        got: `a ; in front of ${other}, which separates nothing`,
      },
    ];
  });
}

/** An escape of what encoders escape: a letter, a digit or - . _ ~ is no sign of an encoder. */
const ESCAPE = /%(?:2[0-9A-C]|2F|3[A-F]|40|5[B-E]|60|7[B-D]|[CD][0-9A-F]%[89AB][0-9A-F]|E[0-9A-F](?:%[89AB][0-9A-F]){2})/i;

/**
 * What still holds escapes when it is decoded was encoded twice. It is sure only where the value means nothing so; the
 * part before an @ may hold a percent sign by the page.
 */
function twice({ fields = [] }: Captured): Offence[] {
  return fields.flatMap(([name, value]): Offence[] => {
    const escape = FIELDS.some((field) => field === name) ? ESCAPE.exec(value)?.[0] : undefined;
    if (escape === undefined) return [];
    const isAddress = name === 'email_address';
    const isSure = isAddress && !value.includes('@') && value.includes('%40');
    return [
      {
        ruleId: 'encoding/percent-once',
        verdict: isSure ? 'fail' : isAddress && value.includes('@') ? 'observed' : 'warn',
        part: name,
        value,
        expected: 'the value percent-encoded once',
        got: `${escape} in the decoded value: ${isSure ? 'it was' : 'was it'} percent-encoded twice${isSure ? '' : '?'}`,
      },
    ];
  });
}
