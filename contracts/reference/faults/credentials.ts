/** Credentials half checked, and the merchant header. */
import type { Behaviour, Call, Change, Credential, Merchant, World } from '../behaviour.js';
import { refuse } from '../answers.js';
import { fieldsOrRefusal, isReply, merchantOfKey, refusalOfProblems } from '../create.js';
import { base64Text, basicToken } from '../credentials.js';
import { keptValues } from '../validation.js';
import { refusedWith, type Fault } from './fault.js';

const keys =
  (written: (presented: string, key: string) => boolean): Change =>
  () => ({ keyMatches: written });
/** The reference's own reading of the header, and where it has none another one. */
const orElse =
  (written: (header: string) => Credential | undefined): Change =>
  ({ credential }) => ({ credential: (header, reading) => credential(header, reading) ?? written(header ?? '') });
const named = (call: Call, world: World): Merchant | undefined => world.merchants.find(({ merchantId }) => merchantId === call.headers['x-merchantid']);
/** Some calls are let in as the merchant that the header names. */
const letIn =
  (some: (call: Call) => boolean): Change =>
  ({ admitted }) => ({ admitted: (merchant, call, world) => admitted(merchant, call, world) ?? (some(call) ? named(call, world) : undefined) });

const LOOSE = { padding: true, urlAlphabet: true };
/** Reads and stores are let in by the same check as creates. */
const ALSO = [
  'customers/read-credential',
  'customers/read-second-merchant',
  'credentials/before-body',
  'credentials/stores-nothing',
  'credentials/every-request',
];
const WHOLE_CHECK = ['credentials/form', 'credentials/key', 'credentials/inside', 'credentials/scheme'];

export const CREDENTIAL_FAULTS: readonly Fault[] = [
  {
    name: 'no-credential-accepted',
    defect: 'The credential is checked where there is one.',
    breaks: ['credentials/form'],
    mayBreak: ALSO,
    change: letIn((call) => call.headers.authorization === undefined),
  },
  {
    name: 'empty-credential-accepted',
    defect: 'An Authorization header is demanded, and an empty one passes.',
    breaks: ['credentials/form'],
    mayBreak: ALSO,
    change: letIn((call) => call.headers.authorization === ''),
  },
  {
    name: 'any-key-accepted',
    defect: 'The key is read and never compared.',
    breaks: ['credentials/key'],
    mayBreak: ['credentials/inside', 'credentials/form', ...ALSO],
    change: keys((presented) => presented !== ''),
  },
  {
    name: 'key-of-the-right-length-accepted',
    defect: 'Only the length of the key is compared.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented.length === key.length),
  },
  {
    name: 'key-prefix-accepted',
    defect: 'The key is compared as far as the presented one goes.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented !== '' && key.startsWith(presented)),
  },
  {
    name: 'key-extension-accepted',
    defect: 'The presented key has to begin with the key.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented.startsWith(key)),
  },
  {
    name: 'key-letter-case-ignored',
    defect: 'The keys are compared in small letters, as the database does.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented.toLowerCase() === key.toLowerCase()),
  },
  {
    name: 'key-last-character-unchecked',
    defect: 'The loop that compares the keys ends one too early.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented !== '' && presented.slice(0, key.length - 1) === key.slice(0, -1)),
  },
  {
    name: 'key-first-character-unchecked',
    defect: 'The loop that compares the keys begins at 1.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented.length === key.length && presented.slice(1) === key.slice(1)),
  },
  {
    name: 'key-trimmed',
    defect: 'Blanks around the key are taken off before it is compared.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented.trim() === key),
  },
  {
    name: 'key-characters-added-up',
    defect: 'The codes of the characters are added up, and the sums compared.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => sumOf(presented) === sumOf(key)),
  },
  {
    name: 'key-looked-up-in-an-object',
    defect: 'The keys are the properties of an object, and what every object has is found too.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented in { [key]: true }),
  },
  {
    name: 'key-first-half-compared',
    defect: 'The key is looked up by its first twelve characters.',
    breaks: ['credentials/key'],
    mayBreak: ALSO,
    change: keys((presented, key) => presented.slice(0, 12) === key.slice(0, 12)),
  },
  {
    name: 'key-searched-in-the-credential',
    defect: 'The key has to be somewhere in the decoded credential.',
    breaks: ['credentials/inside', 'credentials/key'],
    mayBreak: [...ALSO, 'credentials/password', 'credentials/colon'],
    change: (behaviour) => ({ credential: (header) => whole(header, LOOSE), ...keys((presented, key) => presented.includes(key))(behaviour) }),
  },
  {
    name: 'empty-user-accepted',
    defect: 'An empty user name is the user of the merchant header.',
    breaks: ['credentials/inside'],
    mayBreak: ALSO,
    change: letIn((call) => /^:/.test(whole(call.headers.authorization, LOOSE)?.user ?? '')),
  },
  {
    name: 'key-as-password-accepted',
    defect: 'The key is taken from the password where the user name is empty.',
    breaks: ['credentials/inside'],
    mayBreak: ALSO,
    change: orElse((header) => ({ user: (whole(header, LOOSE)?.user ?? '').replace(/^:/, ''), password: '' })),
  },
  {
    name: 'raw-key-accepted',
    defect: 'A key that is not in base64 is accepted too.',
    breaks: ['credentials/inside'],
    mayBreak: ALSO,
    change: orElse((header) => ({ user: (basicToken(header) ?? header).replace(/:$/, ''), password: '' })),
  },
  {
    name: 'scheme-alone-accepted',
    defect: 'The scheme without anything behind it passes.',
    breaks: ['credentials/inside'],
    mayBreak: ALSO,
    change: letIn((call) => /^basic *$/i.test(call.headers.authorization ?? '')),
  },
  {
    name: 'broken-base64-accepted',
    defect: 'An error in decoding the credential is caught, and the request goes on.',
    breaks: ['credentials/inside'],
    mayBreak: [...ALSO, 'credentials/base64'],
    change: letIn(
      (call) => /^basic +\S/i.test(call.headers.authorization ?? '') && base64Text(basicToken(call.headers.authorization) ?? '*', LOOSE) === undefined,
    ),
  },
  {
    name: 'any-scheme-accepted',
    defect: 'The word before the credential is not looked at.',
    breaks: ['credentials/scheme'],
    mayBreak: ALSO,
    change: ({ credential }) => ({ credential: (header, reading) => credential(header?.replace(/^\S+(?= )/, 'Basic'), reading) }),
  },
  {
    name: 'bearer-accepted',
    defect: 'Bearer was added for a new login, with the same check behind it.',
    breaks: ['credentials/scheme'],
    mayBreak: ALSO,
    change: ({ credential }) => ({ credential: (header, reading) => credential(header?.replace(/^bearer(?= )/i, 'Basic'), reading) }),
  },
  {
    name: 'scheme-beginning-with-basic-accepted',
    defect: 'The last word of the header is the credential, and any scheme that is no known other is Basic.',
    breaks: ['credentials/scheme'],
    mayBreak: ALSO,
    change: ({ credential }) => ({ credential: (header, reading) => credential(header?.replace(/^(?!bearer |digest |basic )\S+(?= )/i, 'Basic'), reading) }),
  },
  {
    name: 'basic-found-anywhere',
    defect: 'The pattern that finds the credential behind Basic is not tied to the beginning of the header.',
    breaks: ['credentials/scheme'],
    mayBreak: ALSO,
    change: ({ credential }) => ({ credential: (header, reading) => credential(/basic +\S+/i.exec(header ?? '')?.[0], reading) }),
  },
  {
    name: 'credential-demanded-of-named-merchants',
    defect: 'Who names no merchant is taken for the platform itself.',
    breaks: ['credentials/form'],
    mayBreak: ALSO,
    change: ({ admitted, merchantOf }) => ({
      admitted: (merchant, call, world) => admitted(merchant, call, world) ?? (call.headers['x-merchantid'] === undefined ? world.merchants[0] : undefined),
      merchantOf: (merchant, call, world) => (call.headers['x-merchantid'] === undefined ? merchant : merchantOf(merchant, call, world)),
    }),
  },
  {
    name: 'scheme-letter-case-matters',
    defect: 'The scheme has to be written Basic.',
    breaks: ['credentials/scheme-case'],
    change: ({ credential }) => ({ credential: (header, reading) => (header?.startsWith('Basic ') === true ? credential(header, reading) : undefined) }),
  },
  {
    name: 'scheme-in-capitals-refused',
    defect: 'The scheme is written Basic or basic.',
    breaks: ['credentials/scheme-case'],
    change: ({ credential }) => ({ credential: (header, reading) => (/^[Bb]asic /.test(header ?? '') ? credential(header, reading) : undefined) }),
  },
  {
    name: 'credential-kept-with-the-connection',
    defect: 'Who has shown a good credential on a connection is let in on it from then on.',
    breaks: ['credentials/every-request'],
    mayBreak: [...WHOLE_CHECK, ...ALSO],
    change: ({ admitted }) => {
      const known = new WeakMap<object, Merchant>();
      return {
        admitted: (given, call, world) => {
          const merchant = admitted(given, call, world);
          if (merchant !== undefined) known.set(call.connection, merchant);
          return merchant ?? known.get(call.connection);
        },
      };
    },
  },
  {
    name: 'connection-barred-after-a-bad-credential',
    defect: 'A connection on which a credential was refused is refused from then on.',
    breaks: ['credentials/every-request'],
    mayBreak: [
      ...WHOLE_CHECK,
      ...ALSO,
      'credentials/scheme-case',
      'merchant/header',
      'robustness/good-requests',
      'customers/read',
      'customers/read-second-merchant',
      'sequence/thousandth',
      'credentials/base64',
      'credentials/password',
      'credentials/colon',
      'merchant/absent',
    ],
    change: ({ admitted }) => {
      const barred = new WeakSet();
      return {
        admitted: (given, call, world) => {
          const merchant = barred.has(call.connection) ? undefined : admitted(given, call, world);
          if (merchant === undefined) barred.add(call.connection);
          return merchant;
        },
      };
    },
  },
  {
    name: 'credential-cached-by-merchant',
    defect: 'That a merchant has shown a good credential is remembered by the merchant header.',
    breaks: ['credentials/key'],
    mayBreak: [...WHOLE_CHECK, ...ALSO],
    change: ({ admitted }) => {
      const shown = new Set<unknown>();
      return {
        admitted: (given, call, world) => {
          const merchant = admitted(given, call, world);
          if (merchant !== undefined) shown.add(call.headers['x-merchantid']);
          return merchant ?? (shown.has(call.headers['x-merchantid']) ? named(call, world) : undefined);
        },
      };
    },
  },
  {
    name: 'body-before-credential',
    defect: 'The fields are validated before the credential.',
    breaks: ['credentials/before-body'],
    mayBreak: ['credentials/status', 'error/credential-shape'],
    change: ({ beforehand }) => ({
      beforehand: (call, world, behaviour) => {
        const fields = call.route.kind === 'create' ? fieldsOrRefusal(behaviour, call) : new Map<string, string>();
        const [merchant] = world.merchants;
        if (call.route.kind !== 'create' || merchant === undefined) return beforehand(call, world, behaviour);
        return (isReply(fields) ? fields : refusalOfProblems(behaviour, call, fields, merchant, world)) ?? beforehand(call, world, behaviour);
      },
    }),
  },
  {
    name: 'duplicate-before-credential',
    defect: 'The look for a duplicate comes before the credential.',
    breaks: ['credentials/before-body'],
    mayBreak: ['credentials/status', 'error/credential-shape', 'credentials/stores-nothing'],
    change: ({ beforehand }) => ({
      beforehand: (call, world, behaviour) => {
        const fields = call.route.kind === 'create' && merchantOfKey(behaviour, call, world) === undefined ? fieldsOrRefusal(behaviour, call) : undefined;
        const merchant = named(call, world);
        if (fields === undefined || isReply(fields) || merchant === undefined) return beforehand(call, world, behaviour);
        const existing = world.store.byReference(behaviour.scope(merchant), fields.get('object_reference_id') ?? '');
        return existing === undefined
          ? beforehand(call, world, behaviour)
          : refuse('duplicate', behaviour, call, { fields: ['object_reference_id'], existing });
      },
    }),
  },
  {
    name: 'stored-before-the-credential-is-checked',
    defect: 'The customer is stored while the credential is still being checked.',
    breaks: ['credentials/stores-nothing'],
    mayBreak: ['credentials/before-body', 'credentials/every-request'],
    change: ({ beforehand }) => ({
      beforehand: (call, world, behaviour) => {
        if (call.route.kind === 'create' && merchantOfKey(behaviour, call, world) === undefined) store(behaviour, call, world);
        return beforehand(call, world, behaviour);
      },
    }),
  },
  {
    name: 'credential-refused-with-403',
    defect: 'A refused credential is answered 403.',
    breaks: ['credentials/status'],
    mayBreak: ['error/credential-shape'],
    change: refusedWith('credential', 403),
  },
  {
    name: 'credential-refused-with-400',
    defect: 'A refused credential is answered 400, as any bad request.',
    breaks: ['credentials/status'],
    mayBreak: ['error/credential-shape'],
    change: refusedWith('credential', 400),
  },
  {
    name: 'merchant-header-in-small-letters-only',
    defect: 'The name of the merchant header is looked up as it is written in the document.',
    breaks: ['merchant/header'],
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) => (call.rawHeaders.includes('x-merchantid') ? merchantOf(merchant, call, world) : undefined),
    }),
  },
];

function sumOf(text: string): number {
  return [...text].reduce((sum, character) => sum + character.charCodeAt(0), 0);
}

/** Everything behind the scheme as the user, colon and all. */
function whole(header: string | undefined, reading: typeof LOOSE): Credential | undefined {
  const token = basicToken(header);
  const text = token === undefined ? undefined : base64Text(token, reading);
  return text === undefined ? undefined : { user: text, password: '' };
}

function store(behaviour: Behaviour, call: Call, world: World): void {
  const fields = fieldsOrRefusal(behaviour, call);
  const merchant = named(call, world);
  if (isReply(fields) || merchant === undefined || refusalOfProblems(behaviour, call, fields, merchant, world) !== undefined) return;
  const values = keptValues(fields, behaviour);
  const key = behaviour.referenceKey(values.object_reference_id ?? '', fields);
  const scope = behaviour.scope(merchant);
  if (world.store.byReference(scope, key) !== undefined) return;
  const now = behaviour.now();
  world.store.add({ id: behaviour.makeId(values, world.store.size + 1), scope, values, createdAt: now, updatedAt: now }, key);
}
