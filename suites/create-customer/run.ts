import type { Run } from '../../contracts/finding.js';
import type { RunConfig } from '../kit/config.js';
import { Session } from '../kit/run.js';
import { OPEN_PROCEDURES, PROCEDURES } from './procedures.js';

/** A run of all checks of Create Customer that has not begun. */
export function createSession(config: RunConfig): Session {
  return new Session(config, { sequences: PROCEDURES, openSequences: OPEN_PROCEDURES });
}

/** Checks a target by the rules. Never rejects for anything that the target does. */
export function runConformance(config: RunConfig): Promise<Run> {
  return createSession(config).run();
}
