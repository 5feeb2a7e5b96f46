/** The token: given when not asked, absent when asked, worn out, used twice. */
import type { Change, Members } from '../behaviour.js';
import { shown, membersOf, type Fault } from './fault.js';

/** The `juspay` member, written otherwise where it is. */
const token = (written: (juspay: Members) => unknown): Change =>
  shown((members) => (members['juspay'] === undefined ? members : { ...members, juspay: written(membersOf(members['juspay'])) }));
const value = (written: (token: string) => unknown): Change =>
  token((juspay) => ({ ...juspay, client_auth_token: written(String(juspay['client_auth_token'])) }));
const lifetime =
  (milliseconds: number): Change =>
  () => ({ tokenExpiry: (createdAt) => createdAt + milliseconds });

/** A token that is not there has no value. */
const NO_TOKEN = [
  'token/value',
  'token/expiry-date',
  'token/expiry',
  'token/format',
  'token/lifetime',
  'encoding/escaped-key',
  'encoding/field-order',
  'options.get_client_auth_token/other-values',
];
/** An expiry that cannot be read has no lifetime. */
const NO_LIFETIME = ['token/expiry', 'token/lifetime', 'response/dates-utc'];

export const TOKEN_FAULTS: readonly Fault[] = [
  {
    name: 'token-always',
    defect: 'The token is given with every create.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/false', 'options.get_client_auth_token/absent', 'options.get_client_auth_token/other-values'],
    change: ({ asksForToken }) => ({ asksForToken: (sent) => (asksForToken(sent) === undefined ? undefined : true) }),
  },
  {
    name: 'token-when-absent',
    defect: 'The option is true where it is not sent.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/absent'],
    change: ({ asksForToken }) => ({ asksForToken: (sent) => (sent === undefined ? true : asksForToken(sent)) }),
  },
  {
    name: 'token-for-false',
    defect: 'The option is taken for true where it is not empty, as texts are.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/false', 'options.get_client_auth_token/other-values'],
    change: ({ asksForToken }) => ({ asksForToken: (sent) => (sent === 'false' ? true : asksForToken(sent)) }),
  },
  {
    name: 'token-for-empty',
    defect: 'The option asks for the token by being there, also when it is empty.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/other-values'],
    change: ({ asksForToken }) => ({ asksForToken: (sent) => (sent === '' ? true : asksForToken(sent)) }),
  },
  {
    name: 'token-unless-false',
    defect: 'Every value of the option but false asks for the token, 0 and no among them.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/other-values'],
    change: () => ({ asksForToken: (sent) => sent !== undefined && sent !== 'false' }),
  },
  {
    name: 'token-never',
    defect: 'The option is accepted and not looked at.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/true', ...NO_TOKEN],
    change: ({ asksForToken }) => ({ asksForToken: (sent) => (asksForToken(sent) === undefined ? undefined : false) }),
  },
  {
    name: 'token-for-capitals-only',
    defect: 'The option is compared with TRUE.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/true', ...NO_TOKEN],
    change: ({ asksForToken }) => ({ asksForToken: (sent) => (sent === 'TRUE' ? true : sent === 'true' ? false : asksForToken(sent)) }),
  },
  {
    name: 'token-not-in-juspay',
    defect: 'The token stands beside the other members, not in juspay.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/true', ...NO_TOKEN],
    change: shown(({ juspay, ...members }) => ({ ...members, ...membersOf(juspay) })),
  },
  {
    name: 'token-without-expiry',
    defect: 'The expiry of the token is not given.',
    breaks: ['token/iff-asked'],
    mayBreak: ['options.get_client_auth_token/true', ...NO_TOKEN],
    change: token(({ client_auth_token }) => ({ client_auth_token })),
  },
  {
    name: 'token-the-same-for-all',
    defect: 'The token is made when the server starts.',
    breaks: ['token/unique'],
    mayBreak: ['privacy/other-customers'],
    change: ({ token: make }) => {
      let made: unknown;
      return { token: (customer, call) => (made ??= make(customer, call)) };
    },
  },
  {
    name: 'token-the-same-for-a-mobile-number',
    defect: 'The token is cached by mobile number.',
    breaks: ['token/unique'],
    mayBreak: ['privacy/other-customers'],
    change: ({ token: make }) => {
      const made = new Map<string | undefined, unknown>();
      return {
        token: (customer, call) => {
          const number = customer.values.mobile_number;
          if (!made.has(number)) made.set(number, make(customer, call));
          return made.get(number);
        },
      };
    },
  },
  {
    name: 'token-the-same-within-a-second',
    defect: 'The token is a hash of the time in seconds.',
    breaks: ['token/unique'],
    mayBreak: ['privacy/other-customers'],
    change: () => ({
      token: (customer) =>
        `tkn_${Math.floor(customer.createdAt / 1_000)
          .toString(16)
          .padStart(32, '0')}`,
    }),
  },
  {
    name: 'token-empty',
    defect: 'The token is empty.',
    breaks: ['token/value'],
    mayBreak: ['token/format', 'token/unique', 'token/iff-asked', 'options.get_client_auth_token/true'],
    change: value(() => ''),
  },
  {
    name: 'token-null',
    defect: 'The token is made after the answer is written, and null in it.',
    breaks: ['token/value'],
    mayBreak: ['token/format', 'token/unique', 'token/iff-asked', 'options.get_client_auth_token/true'],
    change: value(() => null),
  },
  {
    name: 'token-a-number',
    defect: 'The token is a JSON number.',
    breaks: ['token/value'],
    mayBreak: ['token/format', 'token/iff-asked', 'options.get_client_auth_token/true'],
    change: value((given) => Number.parseInt(given.slice(4, 16), 16)),
  },
  { name: 'token-without-prefix', defect: 'The token has no tkn_ in front.', breaks: ['token/format'], change: value((given) => given.slice(4)) },
  {
    name: 'token-with-hyphens',
    defect: 'The token is a UUID with its hyphens.',
    breaks: ['token/format'],
    change: value((given) => given.replace(/^(tkn_.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')),
  },
  {
    name: 'token-a-digit-short',
    defect: 'The token is printed without its leading zeros.',
    breaks: ['token/format'],
    oneIn: 16,
    change: value((given) => given.replace(/^tkn_0+/, 'tkn_')),
  },
  { name: 'expiry-now', defect: 'The token expires when it is made.', breaks: ['token/expiry'], mayBreak: ['token/lifetime'], change: lifetime(0) },
  {
    name: 'expiry-in-the-past',
    defect: 'The fifteen minutes are taken off instead of added.',
    breaks: ['token/expiry'],
    mayBreak: ['token/lifetime'],
    change: lifetime(-15 * 60_000),
  },
  {
    name: 'expiry-in-seconds-since-1970',
    defect: 'The expiry is a number of seconds.',
    breaks: ['token/expiry-date'],
    mayBreak: [...NO_LIFETIME, 'token/iff-asked'],
    change: token((juspay) => ({ ...juspay, client_auth_token_expiry: Math.floor(Date.parse(String(juspay['client_auth_token_expiry'])) / 1_000) })),
  },
  {
    name: 'expiry-without-offset',
    defect: 'The expiry has no offset.',
    breaks: ['token/expiry-date'],
    mayBreak: NO_LIFETIME,
    change: token((juspay) => ({ ...juspay, client_auth_token_expiry: String(juspay['client_auth_token_expiry']).replace('Z', '') })),
  },
  {
    name: 'expiry-in-words',
    defect: 'The expiry is the duration, in words.',
    breaks: ['token/expiry-date'],
    mayBreak: NO_LIFETIME,
    change: token((juspay) => ({ ...juspay, client_auth_token_expiry: '15 minutes' })),
  },
  { name: 'lifetime-15-seconds', defect: 'The lifetime is in seconds, and is taken for minutes.', breaks: ['token/lifetime'], change: lifetime(15_000) },
  { name: 'lifetime-15-hours', defect: 'The lifetime of the token is added in hours.', breaks: ['token/lifetime'], change: lifetime(15 * 3_600_000) },
  { name: 'lifetime-30-minutes', defect: 'The lifetime of the token is that of the test system.', breaks: ['token/lifetime'], change: lifetime(30 * 60_000) },
];
