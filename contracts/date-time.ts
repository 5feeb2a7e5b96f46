/** Date-times as the API writes them: RFC 3339, and the offset also as `+0000` (older samples of the siblings). */

/** The same text is used as a matcher of recorded contracts, whose verifiers know no look-around. */
export const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):?(\d\d))$/;

export interface DateTime {
  /** Milliseconds since 1970, fractions of a millisecond cut off. */
  readonly epochMs: number;
  /** Digits behind the point of the seconds; 0 without a fraction. */
  readonly fractionDigits: number;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
  /** How it is written, for example `Z`, `+00:00 with a fraction`. */
  readonly format: string;
}

/** Undefined when the text is not a date-time with an offset, or names a day or time that does not exist. */
export function parseDateTime(text: string): DateTime | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', z, sign, offsetHour = '00', offsetMinute = '00'] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  // Date.UTC takes the years 0 to 99 for 1900 to 1999 (a zero date of some languages is in the year 1).
  const midnight = new Date(0);
  midnight.setUTCFullYear(y, mo - 1, d);
  // A 31st of February rolls over into March; RFC 3339 allows second 60 for leap seconds.
  if (midnight.getUTCMonth() !== mo - 1 || midnight.getUTCDate() !== d || h > 23 || mi > 59 || s > 60) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const offsetMinutes = z === undefined ? (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute)) : 0;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const epochMs = midnight.getTime() + ((h * 60 + mi - offsetMinutes) * 60 + s) * 1000 + milliseconds;
  const offset = z ?? `${sign ?? ''}${text.at(-3) === ':' ? 'hh:mm' : 'hhmm'}`;
  return { epochMs, fractionDigits: fraction.length, offsetMinutes, format: fraction === '' ? offset : `${offset} with a fraction` };
}

/**
 * How far two date-times can lie apart in milliseconds and still be the same instant: one written without a fraction
 * may have been cut off or rounded.
 */
export function precisionGap(a: DateTime, b: DateTime): number {
  const coarser = Math.min(a.fractionDigits, b.fractionDigits);
  return a.fractionDigits === b.fractionDigits ? 0 : Math.ceil(1000 / 10 ** coarser);
}
