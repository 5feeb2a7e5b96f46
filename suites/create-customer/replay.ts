import type { Finding, Run } from '../../contracts/finding.js';
import type { Replay, Replayed } from '../../contracts/replay.js';
import type { RunConfig } from '../kit/config.js';
import { Replayer } from '../kit/replay/replay.js';
import { OPEN_PROCEDURES, PROCEDURES } from './procedures.js';

/** Sends findings of an earlier run of Create Customer again. Never rejects for anything that the target does. */
export function replayFindings(config: RunConfig, kept: Run, findings: readonly Finding[], onReplayed?: (replayed: Replayed) => void): Promise<Replay> {
  return new Replayer(config, kept, { sequences: PROCEDURES, openSequences: OPEN_PROCEDURES }).replay(findings, onReplayed);
}
