/** Credential, merchant and content type: what the page asks of every request. */
import { judge, type JudgedRequest } from '../../contracts/judge.js';
import type { CredentialConstraint, MerchantConstraint } from '../../contracts/model.js';
import { ruleById } from '../../contracts/rules/index.js';
import { headerOf, judgedRequest, type Captured } from './captured.js';
import type { Judged, Offence } from './offence.js';

export interface Identity {
  readonly apiKey: string;
  readonly merchantId: string;
}

/**
 * A target may take more than a client may send: how it reads a credential without the colon is open, and what the page
 * shows is with one. So the forms that are open for targets are wrong here.
 */
const CREDENTIAL_FORM: CredentialConstraint = {
  kind: 'credential',
  conforming: ['canonical', 'scheme-lower-case', 'scheme-upper-case', 'scheme-mixed-case'],
  violating: ['absent', 'empty-header', 'without-colon', 'with-password', 'padding-missing', 'padding-doubled', 'url-alphabet'],
  open: [],
};
/** There with a value: which characters a merchant id has is for another rule. */
const MERCHANT_THERE: MerchantConstraint = { kind: 'merchant', conforming: ['canonical', 'name-upper-case', 'name-mixed-case', 'odd-characters'], open: [] };

const CREDENTIAL_RULES = ['credentials/key', 'credentials/inside', 'credentials/scheme'] as const;
const FORM_RULES = ['content-type/form', 'content-type/charset'] as const;
const FORM = 'application/x-www-form-urlencoded';
const BASIC = 'Basic base64("API_KEY:")';

export function judgeHeaders(request: Captured, identity: Identity): Judged {
  const judged = judgedRequest(request, identity.apiKey);
  const offences = [
    ...credentialOffences(request, judged, identity.apiKey),
    ...keyElsewhere(request, identity.apiKey),
    ...merchantOffences(request, judged, identity.merchantId),
  ];
  const applied = ['credentials/form', ...CREDENTIAL_RULES, 'merchant/header'];
  if (request.kind === 'read') return { applied, offences };
  return { applied: [...applied, 'content-type/form'], offences: [...offences, ...contentTypeOffences(request, judged)] };
}

function credentialOffences(request: Captured, judged: JudgedRequest, apiKey: string): Offence[] {
  const values = request.headers.filter(([name]) => name.toLowerCase() === 'authorization').map(([, value]) => value);
  const value = values.length === 0 ? null : values.join(', ');
  const offence = (ruleId: string, got: string, expected: string): Offence => ({ ruleId, verdict: 'fail', part: 'Authorization', value, expected, got });
  if (values.length > 1) return [offence('credentials/form', `${String(values.length)} Authorization headers`, `one, ${BASIC}`)];
  const found: Offence[] = [];
  if (judge(CREDENTIAL_FORM, judged) === 'violating') found.push(offence('credentials/form', ...formWords(value, apiKey)));
  for (const ruleId of CREDENTIAL_RULES) {
    const rule = ruleById(ruleId);
    if (rule?.kind !== 'input' || judge(rule.constraint, judged) !== 'violating') continue;
    found.push(offence(ruleId, ...CREDENTIAL_WORDS[ruleId]));
  }
  return found;
}

/** The key in any part but the credential: what is in a URL or a field is kept and logged. */
function keyElsewhere({ target, headers, body }: Captured, apiKey: string): Offence[] {
  const forms = [apiKey, ...['', ':'].map((colon) => Buffer.from(`${apiKey}${colon}`).toString('base64').replace(/=+$/, ''))];
  const unescaped = (text: string): string => text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const holds = (text: string): boolean => forms.some((form) => text.includes(form) || unescaped(text).includes(form));
  const parts: readonly (readonly [part: string, value: string])[] = [
    ['the URL', target],
    ...headers.filter(([name]) => name.toLowerCase() !== 'authorization'),
    ['the body', body.toString('latin1')],
  ];
  return parts
    .filter(([, value]) => holds(value))
    .map(([part, value]) => ({
      ruleId: 'credentials/form',
      verdict: 'warn',
      part,
      value,
      expected: 'the API key in the Authorization header alone: URLs, fields and other headers are kept and logged',
      got: `the API key in ${part}`,
    }));
}

const CREDENTIAL_WORDS: Readonly<Record<(typeof CREDENTIAL_RULES)[number], readonly [got: string, expected: string]>> = {
  'credentials/key': ['another key than CONFORM_API_KEY', `the key of CONFORM_API_KEY, as it is, in ${BASIC}`],
  'credentials/inside': ['a credential without the key as its user name', `${BASIC}: the key in front of the colon, nothing behind it, all of it in base64`],
  'credentials/scheme': ['another scheme than Basic', BASIC],
};

/** What is wrong with the form, and what to do about it. */
function formWords(value: string | null, apiKey: string): readonly [got: string, expected: string] {
  if (value === null) return ['no credential', `the header Authorization: ${BASIC}`];
  const token = /^\S+\s+(\S+)$/.exec(value.trim())?.[1];
  if (token === undefined) return ['an empty credential', BASIC];
  const decoded = Buffer.from(token, 'base64').toString('utf8');
  if (!decoded.includes(':')) {
    const slip = decoded === apiKey ? '' : ', and another key than CONFORM_API_KEY';
    return [
      `the key without a colon behind it${slip}`,
      `${BASIC}: put a colon behind the key before it is encoded (a client that encodes what it is given takes the key as "API_KEY:")`,
    ];
  }
  if (!decoded.endsWith(':')) return ['a password that is not empty', `${BASIC}: nothing behind the colon`];
  return ['base64 in another alphabet or with other padding', `${BASIC} in the standard alphabet, padded with = (RFC 4648, section 4)`];
}

function merchantOffences(request: Captured, judged: JudgedRequest, merchantId: string): Offence[] {
  const values = request.headers.filter(([name]) => name.toLowerCase() === 'x-merchantid').map(([, value]) => value);
  const value = values[0] ?? null;
  const part = 'x-merchantid';
  const expected = "x-merchantid with the merchant's id, as in CONFORM_MERCHANT_ID";
  const offence = (got: string): Offence => ({ ruleId: 'merchant/header', verdict: 'fail', part, value, expected, got });
  if (values.length > 1) return [offence(`${String(values.length)} x-merchantid headers`)];
  if (judge(MERCHANT_THERE, judged) !== 'conforming') {
    const other = request.headers.find(([name]) => /merchant/i.test(name))?.[0];
    const hint = other === undefined || value !== null ? '' : `; ${other} is another header`;
    return [offence(`${value === null ? 'no x-merchantid' : 'an empty x-merchantid'}${hint}`)];
  }
  if (value?.trim() !== merchantId) return [offence('another id than the one it was given')];
  return [];
}

function contentTypeOffences(request: Captured, judged: JudgedRequest): Offence[] {
  const value = headerOf(request, 'content-type') ?? null;
  const offence = (got: string, expected = `a URL-encoded form, and Content-Type: ${FORM}`): Offence => ({
    ruleId: 'content-type/form',
    verdict: 'fail',
    part: 'Content-Type',
    value,
    expected,
    got,
  });
  const accepted = FORM_RULES.some((ruleId) => {
    const rule = ruleById(ruleId);
    return rule?.kind === 'input' && judge(rule.constraint, judged) === 'conforming';
  });
  if (request.bodyForm === 'json') return [offence(accepted ? 'a JSON body under the type of a form' : 'a JSON body')];
  if (request.bodyForm === 'multipart') return [offence('a multipart body')];
  if (accepted) return [];
  return [offence(value === null ? 'no Content-Type' : 'another content type')];
}
