/** Inputs for rules about what surrounds the body: credential, merchant, media type, transfer coding and path. */
import type { CredentialConstraint, MediaTypeConstraint, MerchantConstraint, PathConstraint } from '../contracts/model.js';
import { choices, type Choice, type InputArbitrary } from './input.js';

/** What a form is called in a report: its name in words. */
const words = (form: string): string => form.replaceAll('-', ' ');

function credentials(forms: CredentialConstraint['conforming']): Choice[] {
  return forms.map((form) => ({ name: words(form), input: () => ({ part: 'authorization', form }) }));
}

/** Forms of the credential that are accepted. */
export function conformingCredential(constraint: CredentialConstraint): InputArbitrary | undefined {
  return choices(credentials(constraint.conforming));
}

/** Whether x-merchantid may be left out, or name another, is open; without a credential the request is refused in any case. */
const WITHOUT_CREDENTIAL: readonly Choice[] = [
  { name: 'absent, without a merchant', input: () => ({ part: 'authorization', form: 'absent', merchant: 'absent' }) },
  { name: 'absent, with another merchant', input: () => ({ part: 'authorization', form: 'absent', merchant: 'other' }) },
];

/** Forms of the credential that are refused. */
export function violatingCredential(constraint: CredentialConstraint): InputArbitrary | undefined {
  const { violating } = constraint;
  return choices([...credentials(violating), ...(violating.includes('absent') ? WITHOUT_CREDENTIAL : [])]);
}

/** Forms of the credential that are left open, one case each. */
export function openCredentials(constraint: CredentialConstraint): Choice[] {
  return credentials(constraint.open);
}

function merchants(forms: MerchantConstraint['conforming']): Choice[] {
  return forms.map((form) => ({ name: words(form), input: () => ({ part: 'merchant', form }) }));
}

/** Forms of the merchant header that are accepted. */
export function conformingMerchant(constraint: MerchantConstraint): InputArbitrary | undefined {
  return choices(merchants(constraint.conforming));
}

/** Forms of the merchant header that are left open, one case each. */
export function openMerchants(constraint: MerchantConstraint): Choice[] {
  return merchants(constraint.open);
}

function mediaTypes(constraint: MediaTypeConstraint, values: readonly (string | null)[]): Choice[] {
  const { body } = constraint;
  return values.map((value) => ({
    name: value === null ? 'no header' : value === '' ? 'empty header' : value,
    input: () => ({ part: 'content-type', value, body }),
  }));
}

/** Values of Content-Type that are accepted. */
export function conformingMediaType(constraint: MediaTypeConstraint): InputArbitrary | undefined {
  return choices(mediaTypes(constraint, constraint.conforming));
}

/** Values of Content-Type that are left open, one case each. */
export function openMediaTypes(constraint: MediaTypeConstraint): Choice[] {
  return mediaTypes(constraint, constraint.open);
}

/** The body in chunks. */
export function conformingTransfer(): InputArbitrary | undefined {
  return choices([{ name: 'in chunks', input: () => ({ part: 'transfer' }) }]);
}

/** Paths that are left open, one case each. */
export function openPaths(constraint: PathConstraint): Choice[] {
  return constraint.open.map((path) => ({ name: path, input: () => ({ part: 'path', path }) }));
}
