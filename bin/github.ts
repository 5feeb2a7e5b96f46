/** What a run says beside its reports when it runs in GitHub Actions: annotations, and the summary of the job. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Run } from '../contracts/finding.js';
import { annotationsOf } from '../reports/annotations.js';
import { renderMarkdown, SUMMARY_LIMIT } from '../reports/markdown.js';
import { appendWithin } from '../reports/write.js';
import { messageOf } from './errors.js';
import type { Io } from './io.js';

/** Whether the process is a step of a workflow: the variable is GitHub's own. */
function isOnGitHub({ environment }: Pick<Io, 'environment'>): boolean {
  return environment['GITHUB_ACTIONS'] === 'true';
}

/**
 * Prints a report. On GitHub nothing in it is taken for a command of the workflow: a report quotes what a target
 * answered, and a line of that may look like one.
 */
export function printReport(text: string, io: Pick<Io, 'environment' | 'stdout'>): void {
  if (!isOnGitHub(io)) {
    io.stdout.write(text);
    return;
  }
  const token = randomUUID();
  io.stdout.write(`::stop-commands::${token}\n${text}\n::${token}::\n`);
}

/** Prints the annotations and appends to the summary where the process is a step of a workflow; never rejects. */
export async function tellGitHub(run: Run, io: Pick<Io, 'environment' | 'folder' | 'stdout' | 'stderr'>): Promise<void> {
  if (!isOnGitHub(io)) return;
  const lines = annotationsOf(run);
  if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
  const summary = io.environment['GITHUB_STEP_SUMMARY'];
  if (summary === undefined || summary === '') return;
  try {
    const isThere = await appendWithin(resolve(io.folder, summary), SUMMARY_LIMIT, (maxBytes) => renderMarkdown(run, { maxBytes }));
    if (!isThere) io.stderr.write('note: the summary of the step is full, so the report is not in it\n');
  } catch (error) {
    io.stderr.write(`note: the report is not in the summary of the step: ${messageOf(error)}\n`);
  }
}
