/** The counterexamples of a run as a POSIX shell script of curl commands that runs as it is. */
import { memberAt, parseJson } from '../contracts/json.js';
import type { Counterexample, Exchange, Finding, Run, SentRequest } from '../contracts/finding.js';
import { referenceParts, writtenReferences, type ReferencePart } from '../contracts/fresh-reference.js';
import { RULES } from '../contracts/rules/index.js';
import { credentialArgument, quote } from '../contracts/shell.js';
import { printable } from './text.js';

export interface ReplayScript {
  readonly text: string;
  /** Findings that curl commands one after the other cannot show, with why. */
  readonly left: readonly { readonly ruleId: string; readonly reason: string }[];
}

/** Bytes that one printf writes: lines that an editor still opens. */
const PRINTED = 2000;

/** The script of these findings; it is for their run's target unless BASE_URL says otherwise. */
export function renderReplayScript(run: Run, findings: readonly Finding[]): ReplayScript {
  const left: { ruleId: string; reason: string }[] = [];
  const blocks: string[] = [];
  let needsSecond = false;
  for (const finding of findings) {
    const reason = unfit(finding);
    if (reason !== undefined || finding.counterexample === undefined)
      left.push({ ruleId: finding.ruleId, reason: reason ?? 'the report has no counterexample of it' });
    else {
      const block = blockOf(run, finding, finding.counterexample);
      needsSecond ||= block.includes('$SECOND_API_KEY');
      blocks.push(block);
    }
  }
  return { text: `${[head(run, needsSecond), ...blocks, 'exit "$unanswered"'].join('\n\n')}\n`, left };
}

function unfit({ ruleId, counterexample }: Finding): string | undefined {
  const rule = RULES.find(({ id }) => id === ruleId);
  if (rule?.kind === 'sequence') {
    if (rule.sequence === 'race' || rule.sequence === 'own-request') return 'it is about requests at the same moment';
    if (rule.sequence === 'thousandth' || rule.sequence === 'distinct-references') return 'it is about what many requests before it did';
  }
  if (rule?.kind === 'response' && (rule.check.kind === 'distinct' || rule.check.kind === 'no-other-customer'))
    return 'it is about the answers to many requests';
  if (rule?.kind.startsWith('open-') === true) return 'one request does not show two readings';
  const texts =
    counterexample === undefined
      ? []
      : requestsOf(counterexample).flatMap(({ path, body, headers }) => [
          path,
          body.text,
          ...headers.filter(([name]) => name !== 'Authorization').map(([, value]) => value),
        ]);
  return texts.some((text) => /\$\{(?:base64|API_KEY [wi])/.test(text))
    ? 'its request holds a text made of the API key, which the report does not tell'
    : undefined;
}

function requestsOf({ before, control, request }: Counterexample): SentRequest[] {
  return [...before.map((each) => each.request), ...(control === undefined ? [] : [control.request]), request];
}

function head(run: Run, needsSecond: boolean): string {
  const comment = (text: string): string => `# ${printable(text)}`;
  return [
    '#!/bin/sh',
    comment(`What was found broken on ${run.target.url}, run of ${run.ended.slice(0, 10)}, seed ${String(run.seed)}.`),
    '#   API_KEY=... sh FILE',
    '#   API_KEY=... BASE_URL=https://elsewhere.example.com MERCHANT_ID=... sh FILE',
    '# Each request gets a fresh object_reference_id, so it can be run again. It exits 0 where every request was answered, else 2.',
    'set -u',
    ': "${API_KEY:?put the API key of the target into API_KEY}"',
    ...(needsSecond ? [': "${SECOND_API_KEY:?put the API key of the second merchant into SECOND_API_KEY}"'] : []),
    `BASE_URL=\${BASE_URL:-${quote(run.target.url)}}`,
    'BASE_URL=${BASE_URL%/}',
    `MERCHANT_ID=\${MERCHANT_ID:-${quote(run.target.merchantId)}}`,
    'LC_ALL=C',
    'export LC_ALL',
    'dir=$(mktemp -d) || exit 2',
    `trap 'rm -rf "$dir"' EXIT`,
    "trap 'exit 130' INT TERM",
    'unanswered=0',
    '',
    '# fresh CHARACTERS NUMBER: so many of these characters, by chance',
    'fresh() { tr -dc "$1" </dev/urandom | dd bs=1 count="$2" 2>/dev/null; }',
    '# What all references of this run of the script have in common',
    'token=r$(fresh a-z0-9 4)',
    '',
    '# send PATH [ARGUMENTS OF CURL]: the status in $status, the body in $dir/answer',
    'send() {',
    '  path=$1',
    '  shift',
    '  : >"$dir/answer"',
    `  status=$(curl -g --path-as-is -sS --max-time 30 -o "$dir/answer" -w '%{http_code}' "$@" "$BASE_URL$path" 2>"$dir/error") || {`,
    '    [ "$status" != 000 ] || status=none',
    '    unanswered=2',
    '    status="$status ($(head -n 1 "$dir/error"))"',
    '  }',
    '}',
    '',
    '# said RULE EXPECTED STATUS_THEN: what came of the last request',
    'said() {',
    '  if [ "$status" = "$3" ]; then same="as then"; else same="then $3"; fi',
    `  answer=$(head -c 300 "$dir/answer" | tr -d '\\000-\\037\\177')`,
    `  printf '%s\\n  expected  %s\\n  got       %s (%s) %s\\n\\n' "$1" "$2" "$status" "$same" "$answer"`,
    '}',
    '',
    '# control: the good request beside it has to be accepted for a refusal to mean anything',
    'control() {',
    '  case $status in',
    '    2*) ;;',
    `    *) printf 'The good request beside the next one is not accepted (%s): what comes of it means little.\\n' "$status" ;;`,
    '  esac',
    '}',
  ].join('\n');
}

function blockOf(run: Run, finding: Finding, counterexample: Counterexample): string {
  const { before, control, request, response } = counterexample;
  const variables = new Map<string, string>([['${API_KEY}', 'API_KEY']]);
  const lines = [`# ${printable(finding.ruleId)}: ${printable(finding.title)}`];
  const add = (sent: SentRequest, more: () => string[]): void => {
    for (const reference of writtenReferences(latin1(sent))) {
      if (variables.has(reference)) continue;
      const name = `id${String(variables.size)}`;
      variables.set(reference, name);
      lines.push(`${name}=${wordOf(referenceParts(reference, run.runToken))}`);
    }
    lines.push(...commandOf(run, finding, sent, variables), ...more());
  };
  for (const each of before) add(each.request, () => idOf(each, variables));
  if (control !== undefined) add(control.request, () => ['control']);
  add(request, () => []);
  const expected = printable(finding.expected ?? finding.title);
  lines.push(`said ${quote(printable(finding.ruleId))} ${quote(expected)} ${quote(response === undefined ? 'none' : String(response.status))}`);
  return lines.join('\n');
}

/** Takes the id of a customer out of an answer that a later request may name it by. */
function idOf({ response }: Exchange, variables: Map<string, string>): string[] {
  const id =
    response === undefined
      ? undefined
      : memberAt(parseJson(Buffer.from(response.body.text, response.body.encoding === 'base64' ? 'base64' : 'utf8')).value, 'id');
  if (typeof id !== 'string' || id.length < 4 || variables.has(id)) return [];
  const name = `id${String(variables.size)}`;
  variables.set(id, name);
  return [`${name}=$(sed -n 's/.*"id" *: *"\\([^"]*\\)".*/\\1/p' "$dir/answer" | head -n 1)`];
}

function commandOf(run: Run, finding: Finding, request: SentRequest, variables: ReadonlyMap<string, string>): string[] {
  const body = latin1(request);
  const parts = [wordsOf(request.path, variables)];
  if (request.method === 'HEAD') parts.push('-I');
  else if (request.method !== 'GET' || body !== '') parts.push('-X', request.method);
  const { merchantId } = run.target;
  const merchant = request.headers.find(([name]) => name.toLowerCase() === 'x-merchantid')?.[1] ?? merchantId;
  const second = isAboutTwoMerchants(finding) && !merchant.startsWith(merchantId);
  for (const [name, value] of request.headers) {
    if (name === 'Authorization') parts.push(second ? credentialArgument(value).replaceAll('API_KEY', 'SECOND_API_KEY') : credentialArgument(value));
    else if (name.toLowerCase() === 'x-merchantid' && value.startsWith(merchantId) && merchantId !== '')
      parts.push('-H', `"${name}: $MERCHANT_ID"${value === merchantId ? '' : textWord(value.slice(merchantId.length))}`);
    // curl takes a header without a value off the request, and one that ends in ; as an empty one.
    else parts.push('-H', wordsOf(value === '' ? `${name};` : `${name}: ${value}`, variables));
  }
  if (body === '') return [`send ${parts.join(' ')}`];
  if (!request.headers.some(([name]) => name.toLowerCase() === 'content-type')) parts.push('-H', quote('Content-Type:'));
  // curl asks for leave before a long body unless told not to.
  parts.push('-H', quote('Expect:'), '--data-binary', '@"$dir/body"');
  return ['{', ...printedLines(body, variables).map((line) => `  ${line}`), '} >"$dir/body"', `send ${parts.join(' ')}`];
}

function isAboutTwoMerchants({ ruleId }: Finding): boolean {
  const rule = RULES.find(({ id }) => id === ruleId);
  return rule?.kind === 'sequence' && (rule.sequence === 'unique-per-merchant' || rule.sequence === 'read-second-merchant');
}

/** The body, a character for each byte. */
function latin1({ body }: SentRequest): string {
  return Buffer.from(body.text, body.encoding === 'base64' ? 'base64' : 'utf8').toString('latin1');
}

/** The text between what variables stand for, in its order. */
function split(text: string, variables: ReadonlyMap<string, string>): (readonly [kind: 'text' | 'variable', value: string])[] {
  const known = [...variables.keys()].sort((a, b) => b.length - a.length).map((each) => each.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return text
    .split(new RegExp(`(${known.join('|')})`))
    .filter((piece) => piece !== '')
    .map((piece) => {
      const variable = variables.get(piece);
      return variable === undefined ? (['text', piece] as const) : (['variable', variable] as const);
    });
}

/** Lines of printf that write the bytes. */
function printedLines(body: string, variables: ReadonlyMap<string, string>): string[] {
  return split(body, variables).flatMap(([kind, value]) => {
    if (kind === 'variable') return [`printf %s "$${value}"`];
    const pieces = value.match(new RegExp(`[^]{1,${String(PRINTED)}}`, 'g')) ?? [];
    return pieces.map((piece) => `printf '${octal(piece)}'`);
  });
}

/** The bytes as the format of a printf: what it or a quote would take as its own in octal. */
function octal(bytes: string): string {
  return bytes
    .replace(/[\\%]/g, (character) => (character === '%' ? '%%' : '\\\\'))
    .replace(/[^ -~]|'|^-/g, (character) => `\\${(character.codePointAt(0) ?? 0).toString(8).padStart(3, '0')}`);
}

/** A word of the shell for the text; what is beyond ASCII stands for single bytes, which printf writes. */
function textWord(text: string): string {
  return /[^ -~]/.test(text) ? `"$(printf '${octal(text)}')"` : quote(text);
}

function wordsOf(text: string, variables: ReadonlyMap<string, string>): string {
  return split(text, variables)
    .map(([kind, value]) => (kind === 'text' ? textWord(value) : `"$${value}"`))
    .join('');
}

/** Alphabets as tr takes them. */
const RANGES: Readonly<Record<string, string>> = {
  '0123456789': '0-9',
  '123456789': '1-9',
  abcdefghijklmnopqrstuvwxyz: 'a-z',
  ABCDEFGHIJKLMNOPQRSTUVWXYZ: 'A-Z',
  abcdefghijklmnopqrstuvwxyz0123456789: 'a-z0-9',
};

/** A fresh reference, put together by the shell. */
function wordOf(parts: readonly ReferencePart[]): string {
  const isPlain = parts.every((part) => part.kind !== 'text' || /^[\w.:@%+-]*$/.test(part.text));
  const words = parts.map((part) => {
    if (part.kind === 'text') return isPlain ? part.text : textWord(part.text);
    const word = part.kind === 'token' ? '${token}' : `$(fresh ${RANGES[part.alphabet] ?? part.alphabet} ${String(part.length)})`;
    return isPlain ? word : `"${word}"`;
  });
  return isPlain ? `"${words.join('')}"` : words.join('');
}
