/** What a request of a client is found to depart in. */

export interface Offence {
  readonly ruleId: string;
  /** `fail` breaks what the page asks of a request, `warn` what is recommended, `observed` is left open. */
  readonly verdict: 'fail' | 'warn' | 'observed';
  /** The field, header or other part. */
  readonly part: string;
  /** What the part was; null where it was not sent. */
  readonly value: string | null;
  /** What the page asks for, and how to come by it. */
  readonly expected: string;
  /** What is wrong, in a few words. */
  readonly got: string;
}

/** What the judge made of one request. */
export interface Judged {
  /** Rules that apply to the request, kept or not. */
  readonly applied: readonly string[];
  readonly offences: readonly Offence[];
}
