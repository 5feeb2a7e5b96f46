/** Which procedure checks which rule over several requests. */
import type { OpenSequence, Sequence } from '../../contracts/model.js';
import type { OpenProcedure, Procedure } from '../kit/sequence-check.js';
import { beforeBody, everyRequest, storesNothing } from './credentials.js';
import { distinctReferences } from './distinct.js';
import { equalRequests } from './equal-requests.js';
import { modelScripts } from './scripts.js';
import { readById, readByReference, readCredential, readDelay, readSecondMerchant, readToken, readUnknown, update } from './siblings.js';
import { ownRequest, race } from './simultaneous.js';
import { duplicateChangesNothing, duplicateShowsNothing, refusedStoresNothing, thousandth } from './stored.js';
import { edgeBlanks, letterCase, normalForm, otherMerchantHeader, unique, uniquePerMerchant } from './uniqueness.js';

export const PROCEDURES: Readonly<Record<Sequence, Procedure>> = {
  unique,
  'unique-per-merchant': uniquePerMerchant,
  'distinct-references': distinctReferences,
  'refused-stores-nothing': refusedStoresNothing,
  'duplicate-changes-nothing': duplicateChangesNothing,
  'duplicate-shows-nothing': duplicateShowsNothing,
  race,
  'own-request': ownRequest,
  'equal-requests': equalRequests,
  thousandth,
  model: modelScripts,
  'credential-every-request': everyRequest,
  'credential-before-body': beforeBody,
  'credential-stores-nothing': storesNothing,
  'read-by-id': readById,
  'read-credential': readCredential,
  'read-second-merchant': readSecondMerchant,
  'read-unknown': readUnknown,
  update,
};

export const OPEN_PROCEDURES: Readonly<Record<OpenSequence, OpenProcedure>> = {
  'letter-case': letterCase,
  'edge-blanks': edgeBlanks,
  'normal-form': normalForm,
  'other-merchant-header': otherMerchantHeader,
  'read-by-reference': readByReference,
  'read-token': readToken,
  'read-delay': readDelay,
};
