import { defineRule, type RobustnessFamily, type Rule } from '../model.js';

const family = (name: RobustnessFamily, title: string): Rule =>
  defineRule({
    id: `robustness/${name}`,
    title: `${title} never gets a 5xx, silence or a dropped connection`,
    level: 'must',
    kind: 'input',
    citation: { sources: ['cons', 'std'], statements: [], note: 'RFC 9110, section 15.5: an error of the client is answered as one' },
    constraint: { kind: 'robustness', family: name },
    whenConforming: { outcome: 'answered' },
    whenViolating: { outcome: 'no-such-input', because: 'every complete request is to be answered' },
  });

export const robustnessRules: readonly Rule[] = [
  family('good-requests', 'a good request'),
  family('values', 'an unusual value of a field'),
  family('bodies', 'an unusual body'),
  family('sizes', 'a large body'),
  family('methods', 'another method'),
  family('paths', 'another path'),
  family('headers', 'an unusual header'),
];
