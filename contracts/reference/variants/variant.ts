/** What a legal variant is: the reference with another reading of a question that the document leaves open. */
import type { Change } from '../behaviour.js';

export interface Variant {
  readonly name: string;
  /** The reading in a plain sentence. */
  readonly reading: string;
  /** The open rule that it takes a reading of; for a freedom of HTTP or JSON, a rule that the freedom lies within. */
  readonly rule: string;
  /** Short name of the reading. */
  readonly takes: string;
  /** Of variants with the same question only one can hold. */
  readonly question: string;
  /** Questions that this reading has answered along with its own. */
  readonly conflictsWith?: readonly string[];
  /** No request is let in at all: a run is blocked. */
  readonly blocks?: true;
  readonly change: Change;
}
