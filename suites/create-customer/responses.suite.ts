import { conformanceSuite } from '../kit/session.js';
import { rulesOf } from './topics.js';

conformanceSuite('Create Customer: the response to a good request', rulesOf('responses'));
