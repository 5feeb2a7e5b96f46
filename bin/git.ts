/** What git says of the working folder: the version and the branch that a contract is published under. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  return run('git', [...args], { cwd: folder }).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  );
}

/** The full id of the commit that is checked out; undefined where there is none. */
export function commitOf(folder: string): Promise<string | undefined> {
  return git(folder, 'rev-parse', '--verify', 'HEAD');
}

/** Variables in which CI systems, which check out a commit and no branch, say which branch it is of. */
const BRANCH_VARIABLES = [
  'GITHUB_HEAD_REF',
  'GITHUB_REF_NAME',
  'CI_COMMIT_REF_NAME',
  'BUILDKITE_BRANCH',
  'CIRCLE_BRANCH',
  'BITBUCKET_BRANCH',
  'BRANCH_NAME',
] as const;

/** The branch: what is checked out, else what the CI system says. */
export async function branchOf(folder: string, environment: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const branch = await git(folder, 'symbolic-ref', '--short', '-q', 'HEAD');
  return branch ?? BRANCH_VARIABLES.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
}
