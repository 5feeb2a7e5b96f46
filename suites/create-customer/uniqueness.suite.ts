import { conformanceSuite } from '../kit/session.js';
import { rulesOf } from './topics.js';

conformanceSuite('Create Customer: several requests', rulesOf('uniqueness'));
