/** A baseline: the departures of a target that are known and accepted, each with why. */
import Type, { type Static } from 'typebox';

export const BaselineEntrySchema = Type.Object(
  {
    rule: Type.String({ description: 'the id of a rule, such as last_name/charset' }),
    reason: Type.String({ pattern: '\\S', description: 'why it is accepted, in words' }),
    link: Type.Optional(Type.String({ format: 'uri', description: 'a URL, such as that of a ticket' })),
    expires: Type.Optional(Type.String({ format: 'date', description: 'the last day on which it is accepted, such as 2027-03-31' })),
    verdict: Type.Optional(
      Type.Enum(['fail', 'flaky', 'warn', 'observed'], { description: 'one of fail, flaky, warn, observed: another verdict is then not accepted' }),
    ),
  },
  { additionalProperties: false, description: 'an accepted departure such as { rule: last_name/charset, reason: names of partners have an apostrophe }' },
);
/** One line of a baseline. */
export type BaselineEntry = Static<typeof BaselineEntrySchema>;

export const BaselineSchema = Type.Array(BaselineEntrySchema, {
  description: 'a list of accepted departures such as { rule: last_name/charset, reason: names of partners have an apostrophe }',
});
