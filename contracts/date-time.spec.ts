import { expect } from 'chai';
import fc from 'fast-check';
import { parseDateTime, precisionGap, type DateTime } from './date-time.js';

const two = (number: number): string => String(number).padStart(2, '0');

/** A date-time that the text must be; the test fails where it is none. */
function parsed(text: string): DateTime {
  const date = parseDateTime(text);
  if (date === undefined) throw new Error(`${text} is a date-time`);
  return date;
}

describe('date-time: what is one', () => {
  const good: readonly (readonly [text: string, epochMs: number, offsetMinutes: number, format: string])[] = [
    ['2020-03-17T14:13:37Z', Date.UTC(2020, 2, 17, 14, 13, 37), 0, 'Z'],
    ['2020-03-17t14:13:37z', Date.UTC(2020, 2, 17, 14, 13, 37), 0, 'z'],
    ['2016-08-02T08:07:52+0000', Date.UTC(2016, 7, 2, 8, 7, 52), 0, '+hhmm'],
    ['2016-08-02T08:07:52+00:00', Date.UTC(2016, 7, 2, 8, 7, 52), 0, '+hh:mm'],
    ['2020-03-17T14:13:37+05:30', Date.UTC(2020, 2, 17, 8, 43, 37), 330, '+hh:mm'],
    ['2020-03-17T14:13:37-0330', Date.UTC(2020, 2, 17, 17, 43, 37), -210, '-hhmm'],
    ['2020-03-17T14:13:37.5Z', Date.UTC(2020, 2, 17, 14, 13, 37, 500), 0, 'Z with a fraction'],
    ['2020-03-17T14:13:37.123456789+0000', Date.UTC(2020, 2, 17, 14, 13, 37, 123), 0, '+hhmm with a fraction'],
    ['2020-02-29T00:00:00Z', Date.UTC(2020, 1, 29), 0, 'Z'],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29), 0, 'Z'],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1), 0, 'Z'],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000, 0, 'Z'],
    ['0000-02-29T00:00:00Z', -62_162_121_600_000, 0, 'Z'],
    ['9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59), 0, 'Z'],
  ];
  for (const [text, epochMs, offsetMinutes, format] of good) {
    it(`${text} is one`, () => {
      const { epochMs: ms, offsetMinutes: minutes, format: written } = parsed(text);
      expect([ms, minutes + 0, written]).to.deep.equal([epochMs, offsetMinutes, format]);
    });
  }

  const bad: readonly (readonly [text: string, why: string])[] = [
    ['2020-03-17T14:13:37', 'it has no offset'],
    ['2020-03-17', 'it has no time'],
    ['2020-03-17 14:13:37Z', 'a blank stands for the T'],
    ['2020-3-17T14:13:37Z', 'the month has one digit'],
    ['20-03-17T14:13:37Z', 'the year has two'],
    ['2020-03-17T14:13Z', 'it has no seconds'],
    ['2020-03-17T14:13:37.Z', 'the fraction is empty'],
    ['2020-03-17T14:13:37,5Z', 'the fraction has a comma'],
    ['2020-03-17T14:13:37+5:30', 'the offset has one digit of hours'],
    ['2020-03-17T14:13:37+05', 'the offset has no minutes'],
    ['2020-03-17T14:13:37+24:00', 'no offset has 24 hours'],
    ['2020-03-17T14:13:37+05:60', 'no offset has 60 minutes'],
    ['2020-03-17T14:13:37 UTC', 'the offset is a word'],
    ['2020-03-17T24:00:00Z', 'no day has an hour 24'],
    ['2020-03-17T14:60:00Z', 'no hour has a minute 60'],
    ['2020-03-17T14:13:61Z', 'no minute has a second 61'],
    ['2020-02-30T00:00:00Z', 'no February has a 30th'],
    ['2019-02-29T00:00:00Z', '2019 had no 29th of February'],
    ['1900-02-29T00:00:00Z', '1900 had none either'],
    ['2020-04-31T00:00:00Z', 'no April has a 31st'],
    ['2020-13-01T00:00:00Z', 'there is no 13th month'],
    ['2020-00-01T00:00:00Z', 'there is no month 0'],
    ['2020-01-00T00:00:00Z', 'there is no day 0'],
    ['2020-03-17T14:13:37Z\n', 'a newline is behind it'],
    [' 2020-03-17T14:13:37Z', 'a blank is in front of it'],
    ['1584454417', 'it is a number of seconds'],
    ['Tue, 17 Mar 2020 14:13:37 GMT', 'it is the format of HTTP'],
    ['٢٠٢٠-03-17T14:13:37Z', 'its digits are Arabic-Indic'],
    ['', 'it is empty'],
  ];
  for (const [text, why] of bad) {
    it(`${JSON.stringify(text)} is none: ${why}`, () => {
      expect(parseDateTime(text)).to.equal(undefined);
    });
  }

  it('every instant that JavaScript writes is read as that instant, under every offset', () => {
    const within = { min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(within), fc.integer({ min: -1439, max: 1439 }), fc.constantFrom(':', ''), (date, offset, colon) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 23);
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const text = `${local}${offset < 0 ? '-' : '+'}${two(hours)}${colon}${two(minutes)}`;
        const read = parsed(text);
        expect([read.epochMs, read.offsetMinutes + 0], text).to.deep.equal([date.getTime(), offset]);
      }),
    );
  });

  it('a day that the calendar does not have is none, whichever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (year, month, day) => {
        const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
        const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T00:00:00Z`;
        expect(parseDateTime(text) !== undefined, text).to.equal(day >= 1 && day <= days);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('date-time: precision', () => {
  it('one instant cut to different fractions is never further apart than the gap', () => {
    const digits = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 999_999_999 }), digits, digits, (second, nanoseconds, one, other) => {
        const written = (length: number): DateTime => {
          const fraction = String(nanoseconds).padStart(9, '0').slice(0, length);
          return parsed(`2020-03-17T14:13:${two(second)}${fraction === '' ? '' : `.${fraction}`}Z`);
        };
        const [a, b] = [written(one), written(other)];
        const apart = Math.abs(a.epochMs - b.epochMs);
        expect(apart, 'milliseconds apart').to.be.at.most(precisionGap(a, b));
        expect(precisionGap(a, b)).to.equal(precisionGap(b, a));
      }),
    );
  });

  const gaps: readonly (readonly [a: string, b: string, gap: number])[] = [
    ['', '', 0],
    ['.1', '.2', 0],
    ['.123', '.456', 0],
    ['', '.1', 1000],
    ['', '.123456', 1000],
    ['.1', '.12', 100],
    ['.12', '.123', 10],
    ['.123', '.123456', 1],
    ['.123456', '.123456789', 1],
  ];
  for (const [a, b, gap] of gaps) {
    it(`between seconds${a || ' without a fraction'} and seconds${b || ' without a fraction'} lie ${String(gap)} ms at most`, () => {
      expect(precisionGap(parsed(`2020-03-17T14:13:37${a}Z`), parsed(`2020-03-17T14:13:37${b}Z`))).to.equal(gap);
    });
  }
});
