import { conformanceSuite } from '../kit/session.js';
import { rulesOf } from './topics.js';

conformanceSuite('Create Customer: the parts of a request', rulesOf('requests'));
