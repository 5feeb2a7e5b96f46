/** What follows over several requests. */
import { defineRule, type Rule, type Sequence } from '../model.js';

const consequence = (sequence: Sequence, id: string, title: string, statements: readonly number[], whenConforming: string, whenViolating: string): Rule =>
  defineRule({
    id: `sequence/${id}`,
    title,
    level: 'must',
    kind: 'sequence',
    citation: { sources: ['cons'], statements },
    sequence,
    whenConforming,
    whenViolating,
  });

export const sequenceRules: readonly Rule[] = [
  consequence(
    'refused-stores-nothing',
    'refused-stores-nothing',
    'a refused create stores nothing',
    [14],
    'the same reference in a good request is then accepted',
    'it is not refused as a duplicate of what was refused',
  ),
  consequence(
    'duplicate-changes-nothing',
    'duplicate-changes-nothing',
    'a refused duplicate changes nothing of the stored customer',
    [14],
    'the customer reads as before, last_updated included',
    'no value of the duplicate is found in it',
  ),
  consequence(
    'duplicate-shows-nothing',
    'duplicate-shows-nothing',
    'a refused duplicate shows nothing of the stored customer',
    [14],
    'the refusal is about the reference alone',
    "the stored customer's id, names, number and address are not in it",
  ),
  consequence(
    'distinct-references',
    'distinct-references',
    'references that differ in their last character, or behind a common beginning, are different customers',
    [12, 14],
    'each of them is accepted and comes back as it was sent',
    'the same reference again is refused',
  ),
  consequence('race', 'race', 'of several simultaneous creates with one reference exactly one is accepted', [14], 'one is accepted', 'no second one is'),
  consequence(
    'own-request',
    'own-request',
    'under simultaneous creates every response is about its own request',
    [38],
    'each response has the values of its request',
    'no response has the values of another',
  ),
  consequence(
    'equal-requests',
    'equal-requests',
    'two requests that are equal but for their spelling on the wire are answered alike',
    [11],
    'good ones are accepted alike',
    'bad ones are refused alike',
  ),
  consequence(
    'model',
    'any-order',
    'creates, duplicates, refusals and reads are answered as the customers that exist demand, in whatever order they come',
    [2, 14],
    'a free reference is accepted, and read as it was created',
    'a taken one is refused, also between other requests',
  ),
  consequence(
    'thousandth',
    'thousandth',
    'what holds for the first customer holds for the last',
    [14],
    'after all customers of the run a good request is accepted and answered as the first was',
    'the first and the last reference are still refused as duplicates, and a bad request is still refused',
  ),
];
