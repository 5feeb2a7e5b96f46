/** How a finding is seen again. */
import type { Finding } from '../../../contracts/finding.js';
import type { Rule, Sequence } from '../../../contracts/model.js';
import { RULES } from '../../../contracts/rules/index.js';
import type { ReplayWay } from '../../../contracts/replay.js';

/** Sequences that are about how much went before, or about chance: one round does not show them. */
const BY_NUMBER: ReadonlySet<Sequence> = new Set<Sequence>(['thousandth', 'race', 'own-request', 'distinct-references']);

/**
 * The kept request alone, where sending it again showed the breach each time; the steps of its round, where the rule is
 * about several; else the rule's own check. Two of a kind among many customers are looked for in all that a run sends.
 */
export function wayOf(rule: Rule, { verdict, confirmed, counterexample }: Finding): ReplayWay {
  const repeated = confirmed !== undefined && confirmed.tries > 0 && confirmed.repeats === confirmed.tries;
  const isSure = verdict !== 'flaky' && repeated;
  switch (rule.kind) {
    case 'sequence':
      return rule.sequence === 'thousandth' ? 'run' : isSure && !BY_NUMBER.has(rule.sequence) ? 'steps' : 'check';
    case 'input':
      return isSure || counterexample === undefined ? 'counterexample' : 'check';
    case 'response': {
      if (rule.check.kind === 'distinct' || rule.check.kind === 'no-other-customer') return 'run';
      // A key in an answer is proof enough, and is not sent again in a run.
      const single = isSure || (rule.check.kind === 'no-credential' && verdict === 'fail');
      return single && isAlone(counterexample?.sentAs?.ruleId) ? 'counterexample' : 'check';
    }
    default:
      return 'check';
  }
}

/** Whether the request means the same without those that were sent before it. */
function isAlone(sender: string | undefined): boolean {
  const kind = RULES.find(({ id }) => id === sender)?.kind;
  return sender === 'control' || kind === 'input' || kind === 'open-input';
}
