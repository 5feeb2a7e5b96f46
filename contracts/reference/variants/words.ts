/** Readings of names and of e-mail addresses. */
import type { AddressReading, Change, NameReading } from '../behaviour.js';
import type { Variant } from './variant.js';

const address =
  (reading: Partial<AddressReading>): Change =>
  ({ addressReading }) => ({ addressReading: { ...addressReading, ...reading } });

function nameVariants(field: 'first_name' | 'last_name', key: 'firstNameReading' | 'lastNameReading'): readonly Variant[] {
  const dashed = field.replace('_', '-');
  const name =
    (reading: Partial<NameReading>): Change =>
    (behaviour) => ({ [key]: { ...behaviour[key], ...reading } });
  return [
    {
      name: `${dashed}-any-letter`,
      reading: `${field}: letters, marks and numbers of any script are alphanumeric.`,
      rule: `${field}/non-ascii`,
      takes: 'letters accepted',
      question: `${field}-non-ascii`,
      change: name({ nonAscii: 'letters' }),
    },
    {
      name: `${dashed}-any-non-ascii`,
      reading: `${field}: every character outside ASCII is accepted.`,
      rule: `${field}/non-ascii`,
      takes: 'accepted',
      question: `${field}-non-ascii`,
      change: name({ nonAscii: 'all' }),
    },
    {
      name: `${dashed}-control-accepted`,
      reading: `${field}: control characters other than TAB and LF are accepted.`,
      rule: `${field}/control`,
      takes: 'accepted',
      question: `${field}-control`,
      change: name({ control: true }),
    },
    {
      name: `${dashed}-255`,
      reading: `${field} has at most 255 characters.`,
      rule: `${field}/max-length`,
      takes: 'accepted to 255',
      question: `${field}-longest`,
      change: name({ longest: 255 }),
    },
    {
      name: `${dashed}-unlimited`,
      reading: `${field} can be as long as the body.`,
      rule: `${field}/max-length`,
      takes: 'accepted',
      question: `${field}-longest`,
      change: name({ longest: Number.POSITIVE_INFINITY }),
    },
  ];
}

// eslint-disable-next-line no-control-regex -- every character of ASCII is meant
const BEYOND_ASCII = /[^\x00-\x7f]/;

export const WORD_VARIANTS: readonly Variant[] = [
  ...nameVariants('first_name', 'firstNameReading'),
  ...nameVariants('last_name', 'lastNameReading'),
  {
    name: 'address-domain-edges-accepted',
    reading: 'The sentence about the edges is about the local part only: _ and . may begin and end a domain.',
    rule: 'email_address/domain-edges',
    takes: 'accepted',
    question: 'address-domain-edges',
    change: address({ domainStart: '._', domainEnd: '._' }),
  },
  {
    name: 'address-domain-underscore-in-front',
    reading: 'A domain may begin with _, as the names of services do.',
    rule: 'email_address/domain-edges',
    takes: '_ accepted in front',
    question: 'address-domain-edges',
    change: address({ domainStart: '_' }),
  },
  {
    name: 'address-root-dot-accepted',
    reading: 'A domain may end with the dot of the root.',
    rule: 'email_address/domain-edges',
    takes: '. accepted at the end',
    question: 'address-domain-edges',
    change: address({ domainEnd: '.' }),
  },
  {
    name: 'address-several-at',
    reading: 'The last @ separates, and others may stand before it.',
    rule: 'email_address/several-at',
    takes: 'accepted',
    question: 'address-several-at',
    change: address({ severalAt: true }),
  },
  {
    name: 'address-two-dots-refused',
    reading: 'Two dots in a row are refused, as RFC 5321 has it.',
    rule: 'email_address/two-dots',
    takes: 'refused',
    question: 'address-two-dots',
    change: address({ twoDots: false }),
  },
  {
    name: 'address-domain-specials',
    reading: 'The documented special characters are allowed in the domain as well.',
    rule: 'email_address/domain-specials',
    takes: 'accepted',
    question: 'address-domain-specials',
    change: address({ domainSpecials: true }),
  },
  {
    name: 'address-domain-needs-dot',
    reading: 'A domain has a dot.',
    rule: 'email_address/domain-without-dot',
    takes: 'refused',
    question: 'address-domain-dot',
    change: address({ domainWithoutDot: false }),
  },
  {
    name: 'address-label-hyphens-refused',
    reading: 'No label of the domain begins or ends with a hyphen.',
    rule: 'email_address/label-hyphens',
    takes: 'refused',
    question: 'address-label-hyphens',
    change: address({ labelHyphens: false }),
  },
  {
    name: 'address-non-ascii',
    reading: 'Characters outside ASCII are accepted on both sides of the @.',
    rule: 'email_address/non-ascii',
    takes: 'accepted',
    question: 'address-non-ascii',
    change: address({ nonAscii: true }),
  },
  {
    name: 'address-non-ascii-lower-cased',
    reading: 'Characters outside ASCII are accepted, and an address that has one is kept in lower case and normal form C.',
    rule: 'response/open-echo',
    takes: 'normalised',
    question: 'address-non-ascii',
    change: (behaviour) => ({
      ...address({ nonAscii: true })(behaviour),
      kept: { ...behaviour.kept, email_address: (value) => (BEYOND_ASCII.test(value) ? value.normalize('NFC').toLowerCase() : value) },
    }),
  },
  {
    name: 'address-control-accepted',
    reading: 'Control characters other than TAB and LF are accepted in an address.',
    rule: 'email_address/control',
    takes: 'accepted',
    question: 'address-control',
    change: address({ control: true }),
  },
  {
    name: 'address-unlimited',
    reading: 'An address can be as long as the body.',
    rule: 'email_address/max-length',
    takes: 'accepted',
    question: 'address-longest',
    change: address({ longestLocalPart: Number.POSITIVE_INFINITY, longest: Number.POSITIVE_INFINITY }),
  },
  {
    name: 'address-128',
    reading: 'An address has at most 128 characters.',
    rule: 'email_address/max-length',
    takes: 'refused beyond 128',
    question: 'address-longest',
    change: address({ longest: 128 }),
  },
];
