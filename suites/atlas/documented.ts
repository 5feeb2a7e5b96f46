import type { Documented } from '../../contracts/atlas.js';
import type { FieldName, Judgement } from '../../contracts/model.js';
import { judgeFieldValue } from '../kit/observation.js';

const AS_DOCUMENTED: Readonly<Record<Judgement, Documented>> = { conforming: 'accepted', violating: 'refused', open: 'open' };

/** What the document says of a value of the field, by all of its rules. */
export function documentedOf(field: FieldName, value: string): Documented {
  return AS_DOCUMENTED[judgeFieldValue(field, value)];
}
