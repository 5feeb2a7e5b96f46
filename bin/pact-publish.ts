/** `conform pact publish`: recorded pacts to a broker. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadPacts, PactFileError } from '../suites/pact/pact-file.js';
import { EXIT, UsageError } from './errors.js';
import { branchOf, commitOf } from './git.js';
import type { Io } from './io.js';
import { PACKAGE_ROOT } from './package.js';
import { brokerFailure, requiredBroker } from './pact-broker.js';

export interface PublishFlags {
  readonly pact?: readonly string[];
  readonly brokerUrl?: string;
  readonly version?: string;
  readonly branch?: string;
  readonly tag?: readonly string[];
  readonly buildUrl?: string;
}

/** The pacts of the package itself, for commands that are given none. */
export const OWN_PACTS = join(PACKAGE_ROOT, 'contracts', 'pacts');

/** Publishes each pact under its consumer; resolves with the exit code, 1 where the broker takes one not. Rejects with a UsageError for what cannot be used. */
export async function pactPublishCommand(flags: PublishFlags, io: Io): Promise<number> {
  const { tag = [], buildUrl } = flags;
  const client = requiredBroker(flags.brokerUrl, io);
  if (buildUrl !== undefined && !URL.canParse(buildUrl)) throw new UsageError(`--build-url: ${JSON.stringify(buildUrl)} is no URL.`);
  for (const name of tag) if (name.trim() === '') throw new UsageError('--tag: wanted a name.');
  const version = notEmpty('--version', flags.version) ?? (await commitOf(io.folder));
  if (version === undefined) throw new UsageError('--version: the folder is no git checkout with a commit, so the version has to be given.');
  const branch = notEmpty('--branch', flags.branch) ?? (await branchOf(io.folder, io.environment));
  if (branch === undefined) throw new UsageError('--branch: no branch is checked out, so it has to be given.');
  const paths = flags.pact?.map((path) => resolve(io.folder, path)) ?? [OWN_PACTS];
  const pacts = await loadPacts(paths).catch(refuseUnreadable);
  try {
    for (const { consumer, provider, source } of pacts) {
      const content = await readFile(source, 'utf8');
      const notices = await client.publish({ consumer, provider, version, branch, tags: tag, content, ...(buildUrl === undefined ? {} : { buildUrl }) });
      io.stdout.write(`${consumer} → ${provider}  version ${version}, branch ${branch}\n`);
      for (const notice of notices) io.stdout.write(`  ${notice}\n`);
    }
    return EXIT.ok;
  } catch (error) {
    brokerFailure(error, io);
    return EXIT.broken;
  }
}

/** A pact that cannot be read is an error of the command line. */
export function refuseUnreadable(error: unknown): never {
  throw error instanceof PactFileError ? new UsageError(`--pact: ${error.message}.`) : error;
}

function notEmpty(flag: string, given: string | undefined): string | undefined {
  if (given?.trim() === '') throw new UsageError(`${flag}: it is empty.`);
  return given;
}
