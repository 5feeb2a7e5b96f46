/** The inputs of every constraint: good ones, bad ones, those sent always, and those of the cases that are left open. */
import type { Constraint } from '../contracts/model.js';
import { conformingCharset, violatingCharset } from './charset.js';
import { conformingEdges, violatingEdges } from './edges.js';
import { conformingExamples } from './examples.js';
import { conformingForms } from './forms.js';
import {
  conformingCredential,
  conformingMediaType,
  conformingMerchant,
  conformingTransfer,
  openCredentials,
  openMediaTypes,
  openMerchants,
  openPaths,
  violatingCredential,
} from './header.js';
import { choices, type Choice, type InputArbitrary, type Shape } from './input.js';
import { conformingLength, violatingLength } from './length.js';
import { openValues } from './open-values.js';
import { conformingPresence, violatingPresence } from './presence.js';
import { conformingSeparator, violatingSeparator } from './separator.js';

export type { Fresh, InputArbitrary, PartInput, Shape } from './input.js';

/** Inputs that keep the constraint and are clear of everything left open; `undefined` where that half has none of this form. */
export function conforming(constraint: Constraint): InputArbitrary | undefined {
  switch (constraint.kind) {
    case 'presence':
      return conformingPresence(constraint);
    case 'length':
      return conformingLength(constraint);
    case 'charset':
      return conformingCharset(constraint);
    case 'edges':
      return conformingEdges(constraint);
    case 'separator':
      return conformingSeparator(constraint);
    case 'examples':
      return conformingExamples(constraint);
    case 'forms':
      return conformingForms(constraint);
    case 'credential':
      return conformingCredential(constraint);
    case 'merchant':
      return conformingMerchant(constraint);
    case 'media-type':
      return conformingMediaType(constraint);
    case 'transfer':
      return conformingTransfer();
    // Nothing of these is certainly good.
    case 'path':
    case 'open-values':
    case 'odd-form':
      return undefined;
    // Whole bodies and requests: `wire.ts`.
    case 'spelling':
    case 'robustness':
      return undefined;
    default:
      return constraint satisfies never;
  }
}

/** Inputs that break the constraint and nothing else; `undefined` where that half has none of this form. */
export function violating(constraint: Constraint): InputArbitrary | undefined {
  switch (constraint.kind) {
    case 'presence':
      return violatingPresence(constraint);
    case 'length':
      return violatingLength(constraint);
    case 'charset':
      return violatingCharset(constraint);
    case 'edges':
      return violatingEdges(constraint);
    case 'separator':
      return violatingSeparator(constraint);
    case 'credential':
      return violatingCredential(constraint);
    // What is not on their lists is left open, or nothing breaks them.
    case 'examples':
    case 'forms':
    case 'merchant':
    case 'media-type':
    case 'transfer':
    case 'path':
    case 'open-values':
    case 'odd-form':
      return undefined;
    // Whole bodies and requests: `wire.ts`.
    case 'spelling':
    case 'robustness':
      return undefined;
    default:
      return constraint satisfies never;
  }
}

/** What is sent always and first of a half, what finds most in front; empty where the half has no inputs. */
export function boundary(constraint: Constraint, half: 'conforming' | 'violating'): readonly Shape[] {
  const inputs = half === 'conforming' ? conforming(constraint) : violating(constraint);
  return inputs?.boundaries ?? [];
}

/** A case that the document leaves open, and the one input that asks the target for its reading. */
export interface OpenCase {
  readonly case: string;
  readonly input: InputArbitrary;
}

/** The open cases of a constraint, by name; none where it leaves nothing open or is asked as a whole body (`wire.ts`). */
export function openCases(constraint: Constraint): readonly OpenCase[] {
  return openChoices(constraint).flatMap((choice) => {
    const input = choices([choice]);
    return input ? [{ case: choice.name, input }] : [];
  });
}

function openChoices(constraint: Constraint): readonly Choice[] {
  switch (constraint.kind) {
    case 'credential':
      return openCredentials(constraint);
    case 'merchant':
      return openMerchants(constraint);
    case 'media-type':
      return openMediaTypes(constraint);
    case 'path':
      return openPaths(constraint);
    case 'open-values':
      return openValues(constraint);
    case 'presence':
    case 'length':
    case 'charset':
    case 'edges':
    case 'separator':
    case 'examples':
    case 'forms':
    case 'transfer':
    case 'spelling':
    case 'odd-form':
    case 'robustness':
      return [];
    default:
      return constraint satisfies never;
  }
}
