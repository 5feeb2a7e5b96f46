/** What two runs were given differently, and what that may do to their comparison. */
import type { Run } from '../../contracts/finding.js';
import type { Difference } from '../../contracts/run-diff.js';
import { count } from '../text.js';

/** Each difference with what it means, those that mislead most first. */
export function differencesOf(older: Run, newer: Run): Difference[] {
  const differences: Difference[] = [];
  const note = (what: string, [was, is]: readonly [string, string], means: string): void => {
    if (was !== is) differences.push({ what, old: was, new: is, means });
  };
  const both = (of: (run: Run) => string): readonly [string, string] => [of(older), of(newer)];
  note(
    'status',
    both(({ status }) => status),
    newer.status === 'complete'
      ? 'OLD did not come to its end, so what it did not say may have been there.'
      : 'NEW did not come to its end, so what it does not say may be there.',
  );
  note('target', both(targetText), 'These are two targets, and not one before and after.');
  note(
    'variant',
    both(({ target }) => target.variant ?? 'none'),
    'The reference was served with other readings.',
  );
  note(
    'merchant',
    both(({ target }) => target.merchantId),
    'Another account may have other settings.',
  );
  note(
    'tool',
    both(({ tool }) => `${tool.name} ${tool.version}`),
    'Other versions may have other rules, and other requests with the same seed.',
  );
  note(
    'rules',
    both(({ rules }) => rules.join(' ')),
    'Other rules were selected, so not everything can be compared.',
  );
  const [before, after] = [older.budget.maxRequests, newer.budget.maxRequests];
  note(
    'budget',
    both(({ budget }) => `${budget.name} (${count(budget.maxRequests)} requests)`),
    before < after
      ? 'NEW looked closer than OLD: what it shows broken may have been broken before.'
      : 'NEW looked less closely than OLD: what it does not show any more may still be there.',
  );
  if (older.client === undefined)
    note(
      'seed',
      both(({ seed }) => String(seed)),
      'Other values were sent: a defect that only some values show may be in one run and not in the other by chance.',
    );
  note(
    'fail-on',
    both(({ failOn }) => failOn),
    `Both are held against what NEW was to fail on, which is a broken ${newer.failOn}.`,
  );
  note(
    'command',
    both(({ client }) => client?.command.join(' ') ?? ''),
    'These are two clients, and not one before and after.',
  );
  return differences;
}

function targetText({ target, client }: Run): string {
  if (client !== undefined) return 'a client';
  return target.embedded ? 'the embedded reference' : target.url;
}
