/** A pact as it is read: what the verifier's outcome is told by. */
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Call } from '../../contracts/interactions.js';
import { REFERENCE_GROUP } from './interaction.js';

export interface PactInteraction {
  readonly description: string;
  /** Rules that it names; none where the pact is not one of ours. */
  readonly rules: readonly string[];
  /** A failure of it does no more than warn. */
  readonly pending: boolean;
  readonly states: readonly string[];
  readonly method: string;
  readonly path: string;
}

export interface LoadedPact {
  readonly consumer: string;
  readonly provider: string;
  /** File or address that it was read from. */
  readonly source: string;
  readonly interactions: readonly PactInteraction[];
}

/** A file is no pact, or cannot be read; the message says which and why. */
export class PactFileError extends Error {
  override readonly name = 'PactFileError';
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a pact says. Throws a PactFileError where the text is none. */
export function parsePact(content: string, source: string): LoadedPact {
  let pact: unknown;
  try {
    pact = JSON.parse(content);
  } catch {
    throw new PactFileError(`${source} is no JSON`);
  }
  const consumer = member(member(pact, 'consumer'), 'name');
  const provider = member(member(pact, 'provider'), 'name');
  const interactions = member(pact, 'interactions');
  if (typeof consumer !== 'string' || typeof provider !== 'string' || !Array.isArray(interactions))
    throw new PactFileError(`${source} is no pact: it needs a consumer and a provider with names, and interactions`);
  return { consumer, provider, source, interactions: (interactions as readonly unknown[]).map(interactionOf) };
}

function interactionOf(written: unknown): PactInteraction {
  const states = member(written, 'providerStates');
  const single = member(written, 'providerState');
  return {
    description: text(member(written, 'description')),
    rules: Object.keys((member(member(member(written, 'comments'), 'references'), REFERENCE_GROUP) as Json | undefined) ?? {}),
    pending: member(written, 'pending') === true,
    states: Array.isArray(states) ? (states as readonly unknown[]).map((state) => text(member(state, 'name'))) : typeof single === 'string' ? [single] : [],
    method: text(member(member(written, 'request'), 'method')).toUpperCase() || 'GET',
    path: text(member(member(written, 'request'), 'path')) || '/',
  };
}

/** The pacts of files and of the folders among them. Rejects with a PactFileError. */
export async function loadPacts(paths: readonly string[]): Promise<LoadedPact[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await lstat(path).catch((error: unknown) => unreadable(path, error));
    if (!found.isDirectory()) files.push(path);
    else
      files.push(
        ...(await readdir(path))
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => join(path, name)),
      );
  }
  if (files.length === 0) throw new PactFileError(`there is no pact in ${paths.join(', ')}`);
  return Promise.all(files.map(async (file) => parsePact(await readFile(file, 'utf8').catch((error: unknown) => unreadable(file, error)), file)));
}

function unreadable(path: string, error: unknown): never {
  throw new PactFileError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}

/** The call that all interactions of a pact are of; undefined where they are of several, or of none of ours. */
export function callOf({ interactions }: Pick<LoadedPact, 'interactions'>): Call | undefined {
  const calls = new Set(interactions.map(({ method, path }) => (/^\/customers\/[^/]+$/.test(path) ? (method === 'GET' ? 'read' : 'update') : 'create')));
  const [only] = calls;
  return calls.size === 1 ? only : undefined;
}
