/** What is seen while a run goes on: one line that is written over on a terminal, a line per rule elsewhere. */
import ora, { type Ora } from 'ora';
import type { Exchange, Finding } from '../contracts/finding.js';
import { renderExchange, renderLine, renderProgress } from '../reports/live.js';
import { WIDTH } from '../reports/text.js';
import type { RunHooks } from './execute.js';
import { hasColor, isInteractive, widthOf, type Io } from './io.js';

export type Live = Required<Pick<RunHooks, 'onExchange' | 'onFinding' | 'onProgress'>> & {
  /** Clears the line; what is written afterwards stands by itself. */
  stop(): void;
};

/** Starts showing. `verbose` shows every exchange. */
export function startLive(io: Io, verbose: boolean): Live {
  const options = { color: hasColor(io.stdout, io.environment), width: widthOf(io.stdout, WIDTH) };
  const spinner = isInteractive(io) && !verbose ? startSpinner() : undefined;
  const say = (line: string): void => void io.stdout.write(`${line}\n`);
  return {
    onExchange: (exchange: Exchange) => {
      if (verbose) say(renderExchange(exchange, options));
    },
    onFinding: (finding: Finding) => {
      if (spinner === undefined) say(renderLine(finding, options));
    },
    onProgress: (progress) => {
      if (spinner !== undefined) spinner.text = renderProgress(progress);
    },
    stop: () => spinner?.stop(),
  };
}

function startSpinner(): Ora {
  // Ctrl-C has to reach us: it ends the run with a report.
  return ora({ text: 'starting', discardStdin: false, hideCursor: false }).start();
}
