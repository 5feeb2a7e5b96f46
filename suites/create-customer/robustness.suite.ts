import { conformanceSuite } from '../kit/session.js';
import { rulesOf } from './topics.js';

conformanceSuite('Create Customer: robustness', rulesOf('robustness'));
