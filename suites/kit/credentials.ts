/**
 * The forms of a credential, each built from the key, and each as a template that shows the form without the key.
 */
import { CREDENTIAL_FORMS, type CredentialForm } from '../../contracts/model.js';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The key with every letter in the other case. */
function otherCase(key: string): string {
  return key.replace(/[a-zA-Z]/g, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));
}

/** The key with one character replaced by a letter. */
function changedAt(key: string, at: number): string {
  return `${key.slice(0, at)}${key[at] === 'a' ? 'b' : 'a'}${key.slice(at + 1)}`;
}

const middleOf = (key: string): number => Math.floor(key.length / 2);

/** The key with two neighbours swapped, the first ones from its middle on that differ: the same characters, in another order. */
function swapped(key: string): string {
  const places = [...key].map((_, index) => (middleOf(key) + index) % key.length);
  const at = places.find((place) => place + 1 < key.length && key[place] !== key[place + 1]);
  return at === undefined ? key : `${key.slice(0, at)}${key[at + 1] ?? ''}${key[at] ?? ''}${key.slice(at + 2)}`;
}

/** A key of the same length that has nothing of the real one. */
function otherKey(key: string): string {
  return 'not_the_key_'.repeat(Math.ceil(key.length / 12)).slice(0, key.length);
}

/** What is made of the key so that the key itself is in it no more, and how reports show that. */
const MADE_OF_THE_KEY: Partial<Record<CredentialForm, { readonly of: (key: string) => string; readonly shown: string }>> = {
  'first-character-changed': { of: (key) => changedAt(key, 0), shown: '${API_KEY with its first character changed}' },
  'middle-character-changed': { of: (key) => changedAt(key, middleOf(key)), shown: '${API_KEY with a character in its middle changed}' },
  'last-character-changed': { of: (key) => changedAt(key, key.length - 1), shown: '${API_KEY with its last character changed}' },
  'characters-swapped': { of: swapped, shown: '${API_KEY with two characters swapped}' },
  'key-prefix': { of: (key) => key.slice(0, -1), shown: '${API_KEY without its last character}' },
  'key-other-case': { of: otherCase, shown: '${API_KEY in the other case}' },
};

/** User names that every object of JavaScript has a property for: a table of keys that is one finds them. */
const [INHERITED, PROTOTYPE] = ['constructor', '__proto__'] as const;

const SCHEMES: Partial<Record<CredentialForm, string>> = {
  bearer: 'Bearer',
  digest: 'Digest',
  'unknown-scheme': 'Sesame',
  'scheme-ending-in-basic': 'XBasic',
  'scheme-beginning-with-basic': 'Basicx',
  'scheme-lower-case': 'basic',
  'scheme-upper-case': 'BASIC',
  'scheme-mixed-case': 'bAsIc',
};

/**
 * The value of `Authorization` in a form; undefined for no header. Also undefined where the key does not allow the
 * form to differ from the canonical one (`possible` tells).
 */
export function credentialHeader(form: CredentialForm, key: string): string | undefined {
  const credential = base64(`${key}:`);
  const scheme = SCHEMES[form];
  if (scheme !== undefined) return `${scheme} ${credential}`;
  const made = MADE_OF_THE_KEY[form];
  if (made !== undefined) return `Basic ${base64(`${made.of(key)}:`)}`;
  switch (form) {
    case 'absent':
      return undefined;
    case 'empty-header':
      return '';
    case 'other-key':
      return `Basic ${base64(`${otherKey(key)}:`)}`;
    case 'key-extension':
      return `Basic ${base64(`${key}x:`)}`;
    case 'key-blank-before':
      return `Basic ${base64(` ${key}:`)}`;
    case 'key-blank-behind':
      return `Basic ${base64(`${key} :`)}`;
    case 'key-line-end-behind':
      return `Basic ${base64(`${key}\n:`)}`;
    case 'inherited-property':
      return `Basic ${base64(`${INHERITED}:`)}`;
    case 'prototype':
      return `Basic ${base64(`${PROTOTYPE}:`)}`;
    case 'scheme-only':
      return 'Basic';
    case 'empty-user':
      return `Basic ${base64(':')}`;
    case 'key-as-password':
      return `Basic ${base64(`:${key}`)}`;
    case 'not-base64':
      return 'Basic !!!!';
    case 'raw-key':
      return `Basic ${key}`;
    case 'with-password':
      return `Basic ${base64(`${key}:password`)}`;
    case 'without-colon':
      return `Basic ${base64(key)}`;
    case 'padding-missing':
      return `Basic ${credential.replace(/=+$/, '')}`;
    case 'padding-doubled':
      return `Basic ${credential}==`;
    case 'url-alphabet':
      return `Basic ${credential.replaceAll('+', '-').replaceAll('/', '_')}`;
    default:
      return `Basic ${credential}`;
  }
}

/** False where the key makes the form equal to the canonical credential (a key without letters has no other case). */
export function credentialPossible(form: CredentialForm, key: string): boolean {
  if (form === 'canonical') return true;
  if (form === 'key-prefix') return key.length > 1;
  return credentialHeader(form, key) !== credentialHeader('canonical', key);
}

/** How reports show each form: in place of the header, so that the key, and what was made of it, is never in them. */
const TEMPLATES: Record<CredentialForm, string | undefined> = {
  canonical: 'Basic ${base64:${API_KEY}:}',
  absent: undefined,
  'empty-header': '',
  'other-key': 'Basic ${base64:${OTHER_KEY}:}',
  'first-character-changed': templateOf('first-character-changed'),
  'middle-character-changed': templateOf('middle-character-changed'),
  'last-character-changed': templateOf('last-character-changed'),
  'characters-swapped': templateOf('characters-swapped'),
  'key-prefix': templateOf('key-prefix'),
  'key-extension': 'Basic ${base64:${API_KEY}x:}',
  'key-blank-before': 'Basic ${base64: ${API_KEY}:}',
  'key-blank-behind': 'Basic ${base64:${API_KEY} :}',
  'key-line-end-behind': 'Basic ${base64:${API_KEY} and a line end:}',
  'key-other-case': templateOf('key-other-case'),
  'inherited-property': `Basic ${base64(`${INHERITED}:`)}`,
  prototype: `Basic ${base64(`${PROTOTYPE}:`)}`,
  'scheme-only': 'Basic',
  'empty-user': `Basic ${base64(':')}`,
  'key-as-password': 'Basic ${base64::${API_KEY}}',
  'not-base64': 'Basic !!!!',
  'raw-key': 'Basic ${API_KEY}',
  bearer: 'Bearer ${base64:${API_KEY}:}',
  digest: 'Digest ${base64:${API_KEY}:}',
  'unknown-scheme': 'Sesame ${base64:${API_KEY}:}',
  'scheme-ending-in-basic': 'XBasic ${base64:${API_KEY}:}',
  'scheme-beginning-with-basic': 'Basicx ${base64:${API_KEY}:}',
  'scheme-lower-case': 'basic ${base64:${API_KEY}:}',
  'scheme-upper-case': 'BASIC ${base64:${API_KEY}:}',
  'scheme-mixed-case': 'bAsIc ${base64:${API_KEY}:}',
  'with-password': 'Basic ${base64:${API_KEY}:password}',
  'without-colon': 'Basic ${base64:${API_KEY}}',
  'padding-missing': 'Basic ${base64:${API_KEY}:} without its padding',
  'padding-doubled': 'Basic ${base64:${API_KEY}:}==',
  'url-alphabet': 'Basic ${base64:${API_KEY}:} in the URL alphabet',
};

function templateOf(form: CredentialForm): string {
  return `Basic \${base64:${MADE_OF_THE_KEY[form]?.shown ?? ''}:}`;
}

export function credentialTemplate(form: CredentialForm): string | undefined {
  return TEMPLATES[form];
}

/** The form that a template of a report stands for; undefined for another text. */
export function credentialForm(shown: string | undefined): CredentialForm | undefined {
  return CREDENTIAL_FORMS.find((form) => TEMPLATES[form] === shown);
}

/**
 * The text of a report with the key, and what was made of it, put back.
 * @param write how such a text is written where it stands: as it is in a header, escaped in a form
 * @returns undefined where something stands for a part of the key that does not tell the whole
 */
export function withKey(text: string, key: string, write: (text: string) => string): string | undefined {
  const known = new Map<string, string>([['${API_KEY}', key], ...Object.values(MADE_OF_THE_KEY).map(({ of, shown }) => [shown, of(key)] as const)]);
  for (const form of CREDENTIAL_FORMS) {
    const [shown, value] = [TEMPLATES[form]?.split(' ').slice(1).join(' '), credentialHeader(form, key)?.split(' ').slice(1).join(' ')];
    if (shown?.includes('${') === true && value !== undefined && !known.has(shown)) known.set(shown, value);
  }
  const pattern = new RegExp(
    [...known.keys()]
      .sort((a, b) => b.length - a.length)
      .map((shown) => shown.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
      .join('|'),
    'g',
  );
  const restored = text.replace(pattern, (shown) => write(known.get(shown) ?? shown));
  return /\$\{(?:base64 of |API_KEY)/.test(restored.replaceAll(key, '')) ? undefined : restored;
}

/** A text as it may be written where a target gives it back: as it is, in a URL, in a form, in JSON. */
export function writings(text: string): readonly string[] {
  const url = encodeURIComponent(text);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const json = JSON.stringify(text).slice(1, -1);
  const inLowerCase = [url, form].map((escaped) => escaped.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()));
  return [text, url, form, ...inLowerCase, json, json.replaceAll('/', '\\/')];
}

/** A base64 text with its padding and without, in either alphabet. */
export function base64Writings(text: string): readonly string[] {
  const bare = text.replace(/=+$/, '');
  return [text, bare, ...[text, bare].map((each) => each.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** What of base64 depends on the key alone, wherever in the encoded bytes it begins: at the first, second or third byte of a group. */
function base64Cores(key: string): readonly string[] {
  const bytes = Buffer.from(key, 'utf8');
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
}

/** Every text that the checks make of the key, with what stands for it in reports; longest first. */
export function credentialTexts(key: string): readonly (readonly [text: string, shown: string])[] {
  const texts = new Map<string, string>();
  const add = (text: string, shown: string): void => writings(text).forEach((each) => texts.has(each) || texts.set(each, shown));
  add(key, '${API_KEY}');
  for (const { of, shown } of Object.values(MADE_OF_THE_KEY)) add(of(key), shown);
  for (const form of CREDENTIAL_FORMS) {
    const value = credentialHeader(form, key)?.split(' ')[1];
    const shown = credentialTemplate(form)?.split(' ').slice(1).join(' ');
    if (value !== undefined && shown?.includes('${') === true && form !== 'other-key') base64Writings(value).forEach((each) => add(each, shown));
  }
  base64Cores(key).forEach((core) => base64Writings(core).forEach((each) => add(each, '${base64 of ${API_KEY}}')));
  // Without padding a base64 text is the beginning of the padded one, so the longest has to go first.
  return [...texts].filter(([text]) => text.length >= MINIMUM_SECRET_LENGTH).sort(([a], [b]) => b.length - a.length);
}

/** A key shorter than this occurs in ordinary text by chance: it is replaced only where the request put it. */
export const MINIMUM_SECRET_LENGTH = 8;
