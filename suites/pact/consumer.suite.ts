/** The tests of the client that the contracts are recorded from: each example against a mock server of its own. */
import { CALLS, examplesOf } from '../../contracts/interactions.js';
import { testConsumer } from './recorder.js';

for (const call of CALLS)
  describe(`a client that has to ${call} customers`, () => {
    for (const example of examplesOf(call)) it(example.description, () => testConsumer(example));
  });
