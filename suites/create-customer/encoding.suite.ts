import { conformanceSuite } from '../kit/session.js';
import { rulesOf } from './topics.js';

conformanceSuite('Create Customer: the encoding of the form', rulesOf('encoding'));
